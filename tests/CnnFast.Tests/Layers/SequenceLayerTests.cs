using CnnFast.Layers;

namespace CnnFast.Tests.Layers;

/// <summary>Layers of sequences as users see them.</summary>
public sealed class SequenceLayerTests
{
    [Fact]
    public void Convolutions_by_hand()
    {
        // Two channels: the filter adds the first of a place to twice the second of the place behind it.
        Model model = new Sequential(new Conv1D(1, 2, biasInitializer: Initializer.Constant(100), name: "c")).Build(new Shape(3, 2));
        Assert.Equal(new Shape(2, 2, 1), model.Parameters[0].Shape);
        model.Parameters[0].Assign([1, 0, 0, 2]);
        Assert.Equal([100 + 1 + 40, 100 + 2 + 60], model.Predict([1, 10, 2, 20, 3, 30]));
        Assert.Equal(new Shape(2, 1), model.OutputShape);
    }

    [Fact]
    public void Padding_is_that_of_both_ends_or_of_left_and_right()
    {
        Layer Summed(Padding padding) => new Conv1D(1, 3, padding: padding, filterInitializer: Initializer.Constant(1));
        float[] x = [1, 2, 3, 4];
        Assert.Equal([6, 9], Run(Summed(Padding.Valid), x));
        Assert.Equal([3, 6, 9, 7], Run(Summed(Padding.Same), x));
        Assert.Equal([1, 3, 6, 9, 7, 4], Run(Summed(Padding.Explicit(2)), x));
        Assert.Equal([1, 3, 6, 9], Run(Summed(Padding.Explicit(0, 2, 0, 0)), x));
        Assert.Equal("MaxPool1D: padding is [1, 0, 0, 0] (top, left, bottom, right); expected no padding of rows, or Padding.Explicit of " +
            "one number. (Parameter 'padding')",
            Assert.Throws<ArgumentException>(() => new MaxPool1D(2, padding: Padding.Explicit(1, 0, 0, 0))).Message);
    }

    [Fact]
    public void Poolings_by_hand()
    {
        float[] x = [1, 5, 2, 8, 3];
        Assert.Equal([5, 8], Run(new MaxPool1D(2), x));
        Assert.Equal([2, 8, 3], Run(new MaxPool1D(2, stride: 1, dilation: 2), x));
        Assert.Equal([3, 5], Run(new AveragePool1D(2), x));
        Assert.Equal([1, 3.5f, 5.5f], Run(new AveragePool1D(2, padding: Padding.Explicit(1)), x));
        Assert.Equal([0.5f, 3.5f, 5.5f], Run(new AveragePool1D(2, padding: Padding.Explicit(1), countPadding: true), x));
        Assert.Equal([8f], Run(new GlobalMaxPool1D(), x));
        Assert.Equal([3.8f], Run(new GlobalAveragePool1D(), x));
    }

    [Fact]
    public void Images_and_rows_are_refused()
    {
        Assert.Equal("Conv1D 'c': input has shape (N, 4, 4, 3); expected sequences (N, L, C).",
            Assert.Throws<ShapeException>(() => new Sequential(new Conv1D(2, 3, name: "c")).Build(new Shape(4, 4, 3))).Message);
        Assert.Throws<ShapeException>(() => new Sequential(new GlobalMaxPool1D()).Build(new Shape(4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePool1D(2, stride: 0));
        Assert.Throws<ShapeException>(() => new Sequential(new Conv1D(2, 5)).Build(new Shape(4, 3)));
        Assert.Throws<ShapeException>(() => new Sequential(new Conv1D(4, 1, groups: 2)).Build(new Shape(4, 3)));
    }

    [Fact]
    public void Normalisation_and_activation_merge_into_the_convolution()
    {
        Model model = new Sequential(new Conv1D(4, 3, useBias: false), new BatchNormalization(), new ReLU(), new Flatten(), new Dense(2))
            .Build(new Shape(9, 3));
        using var session = new InferenceSession(model);
        Assert.Contains(session.Plan.Steps, step => step.Kind == "Conv1D+BatchNormalization+ReLU");
    }

    private static float[] Run(Layer layer, float[] x) => new Sequential(layer).Build(new Shape(x.Length, 1)).Predict(x);
}
