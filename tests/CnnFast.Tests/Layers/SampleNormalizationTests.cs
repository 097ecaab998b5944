using CnnFast.Layers;

namespace CnnFast.Tests.Layers;

/// <summary>Group, instance and layer normalisation as users see them.</summary>
public sealed class SampleNormalizationTests
{
    [Fact]
    public void Numbers_by_hand()
    {
        // One sample of two places and four channels in two groups: group 0 holds 1, 3, 5, 7 (mean 4, variance 5).
        float[] x = [1, 3, 2, 2, 5, 7, 2, 2];
        Near([-1.5f, -0.5f, 0, 0, 0.5f, 1.5f, 0, 0], 2 / 3f, Run(new GroupNormalization(2, epsilon: 4), new Shape(2, 1, 4), x));
        Near([-1, -1, 0, 0, 1, 1, 0, 0], 2 / MathF.Sqrt(5), Run(new InstanceNormalization(epsilon: 1), new Shape(2, 1, 4), x));
        Near([-1, 1, 0, 0, 1, 3, -2, -2], 1, [.. Run(new LayerNormalization(epsilon: 0.5f), new Shape(2, 4), x).Select((value, i) =>
            value * MathF.Sqrt(i < 4 ? 1 : 5))]);
        float[] all = Run(new LayerNormalization(axis: -2, epsilon: 0.5f), new Shape(2, 4), x);
        Near([-2, 0, -1, -1, 2, 4, -1, -1], 1 / 2f, all);
    }

    [Fact]
    public void Layer_normalisation_of_a_large_mean_keeps_its_digits()
    {
        float[] x = [1e6f, 1e6f, 1e6f + 0.0625f, 1e6f - 0.0625f];
        float[] y = Run(new LayerNormalization(epsilon: 1e-9f), new Shape(4), x);
        float unit = 1 / MathF.Sqrt(0.5f);
        Near([0, 0, unit, -unit], 1, y);
    }

    [Fact]
    public void Parameters_have_the_shapes_and_the_starts_of_the_layer()
    {
        Model model = new Sequential(new GroupNormalization(2, name: "g"), new InstanceNormalization(useOffset: false, name: "i"),
            new LayerNormalization(axis: 2, scaleInitializer: Initializer.Constant(3), name: "l")).Build(new Shape(3, 5, 4));
        Assert.Equal(["g.gamma (4)", "g.beta (4)", "i.gamma (4)", "l.gamma (5, 4)", "l.beta (5, 4)"],
            model.Parameters.Select(parameter => $"{parameter.Name} ({string.Join(", ", parameter.Shape.Dimensions.ToArray())})"));
        Assert.All(model.Parameters[3].Values.ToArray(), value => Assert.Equal(3, value));
        Assert.All(model.Parameters[4].Values.ToArray(), value => Assert.Equal(0, value));
        Assert.All(model.Parameters, parameter => Assert.False(parameter.Decays));
    }

    [Theory]
    [InlineData(3, "GroupNormalization 'n': groups 3 must divide the 4 channels; the input has shape (N, 5, 5, 4).")]
    [InlineData(8, "GroupNormalization 'n': groups 8 must divide the 4 channels; the input has shape (N, 5, 5, 4).")]
    public void Groups_that_do_not_divide_the_channels_are_refused(int groups, string sentence) => Assert.Equal(sentence,
        Assert.Throws<ShapeException>(() => new Sequential(new GroupNormalization(groups, name: "n")).Build(new Shape(5, 5, 4))).Message);

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GroupNormalization(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNormalization(epsilon: 0));
        Assert.Throws<ArgumentException>(() => new LayerNormalization(axis: 0));
        Assert.Equal("LayerNormalization 'n': axis is -3 and the input has shape (N, 5, 4); expected 1 to 2, or -2 to -1 from the end.",
            Assert.Throws<ShapeException>(() => new Sequential(new LayerNormalization(-3, name: "n")).Build(new Shape(5, 4))).Message);
        Assert.Equal("InstanceNormalization 'n': input has shape (N, 4), one value a channel; expected images (N, H, W, C) or sequences " +
            "(N, L, C).",
            Assert.Throws<ShapeException>(() => new Sequential(new InstanceNormalization(name: "n")).Build(new Shape(4))).Message);
    }

    private static float[] Run(Layer layer, Shape shape, float[] x) => new Sequential(layer).Build(shape).Predict(x);

    private static void Near(float[] expected, float factor, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First * factor, pair.Second, 2e-6f));
}
