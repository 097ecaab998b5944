using CnnFast.Layers;

namespace CnnFast.Tests.Compile;

/// <summary>Packed weights of large models keep to the limit, and those of small ones are as fast as they can be.</summary>
public sealed class WeightBudgetTests
{
    [Theory]
    [InlineData(12, 512, 10, 1.5, 1.6)]
    [InlineData(20, 1024, 2, 1.2, 1.5)]
    [InlineData(28, 256, 8, 3.9, 4.1)]
    public void Weights_keep_to_the_limit(int size, int channels, int layers, double least, double most)
    {
        Model model = Stack(size, channels, layers);
        using var auto = new InferenceSession(model);
        Assert.InRange((double)auto.WeightBytes / (model.ParameterCount * sizeof(float)), least, most);
    }

    [Fact]
    public void A_limited_model_computes_the_same()
    {
        Model model = Stack(12, 512, 10);
        using var direct = new InferenceSession(model, new SessionOptions { ConvAlgorithm = ConvAlgorithm.Direct });
        using var auto = new InferenceSession(model);
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, model.InputShape.ElementCount).Select(_ => random.NextSingle() - 0.5f)];
        var expected = new float[x.Length];
        var actual = new float[x.Length];
        direct.Run(x, expected);
        auto.Run(x, actual);
        float largest = expected.Max(MathF.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i] - expected[i], -1e-4f * largest, 1e-4f * largest);
    }

    private static Model Stack(int size, int channels, int layers) => new Sequential([.. Enumerable.Range(0, layers)
            .Select(_ => new Conv2D(channels, 3, padding: Padding.Same, activation: Activation.ReLU))])
        .Build(new Shape(size, size, channels), 1);
}
