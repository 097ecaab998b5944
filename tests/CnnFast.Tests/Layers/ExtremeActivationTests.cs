using CnnFast.Layers;

namespace CnnFast.Tests.Layers;

/// <summary>What activations make of infinities and of the largest floats, as docs/numerics.md states it.</summary>
public sealed class ExtremeActivationTests
{
    // Whole vectors of every tier and a rest.
    private const int Count = 37;

    [Theory]
    [InlineData(Activation.HardSwish, float.NegativeInfinity, float.NaN)]
    [InlineData(Activation.HardSwish, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(Activation.HardSwish, float.MaxValue, float.MaxValue)]
    [InlineData(Activation.HardSwish, float.MinValue, 0f)]
    [InlineData(Activation.SiLU, float.NegativeInfinity, float.NaN)]
    [InlineData(Activation.SiLU, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(Activation.SiLU, float.MaxValue, float.MaxValue)]
    [InlineData(Activation.SiLU, float.MinValue, 0f)]
    public void Gates_meet_infinities_as_documented(Activation activation, float x, float expected)
    {
        Layer layer = activation == Activation.SiLU ? new SiLU() : new HardSwish();
        float[] y = new Sequential(layer).Build(new Shape(Count)).Predict([.. Enumerable.Repeat(x, Count)]);
        Assert.All(y, value =>
            Assert.True(value.Equals(expected) || Math.Abs(value - expected) <= 1e-6f * Math.Abs(expected) || (value == 0 && expected == 0),
                $"{value}"));
    }
}
