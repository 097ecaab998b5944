namespace CnnFast.Reference.Tests;

/// <summary>Sampling between pixels and mixing of channels, by hand.</summary>
public sealed class ReferenceAugmentationTests
{
    private static readonly double[] s_image = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(0, 0, ReferenceImageEdge.Constant, 1)]
    [InlineData(1, 2, ReferenceImageEdge.Constant, 6)]
    [InlineData(0.5, 0.5, ReferenceImageEdge.Constant, 3)]
    [InlineData(0.25, 1.5, ReferenceImageEdge.Constant, 3.25)]
    [InlineData(-0.5, 0, ReferenceImageEdge.Constant, 5.5)]
    [InlineData(-1, 0, ReferenceImageEdge.Constant, 10)]
    [InlineData(7, 0, ReferenceImageEdge.Constant, 10)]
    [InlineData(-0.5, 0, ReferenceImageEdge.Edge, 1)]
    [InlineData(9, 9, ReferenceImageEdge.Edge, 6)]
    [InlineData(-1, 1, ReferenceImageEdge.Reflect, 5)]
    [InlineData(0, 3, ReferenceImageEdge.Reflect, 2)]
    [InlineData(0, 9, ReferenceImageEdge.Reflect, 1)]
    public void A_place_between_pixels(double row, double column, ReferenceImageEdge edge, double expected)
    {
        // Rows 1 2 3 and 4 5 6; 10 outside.
        var pixel = new double[1];
        ReferenceAugmentation.Sample(2, 3, 1, s_image, row, column, edge, 10, pixel);
        Assert.Equal(expected, pixel[0], 1e-12);
    }

    [Fact]
    public void Channels_mix_and_are_held()
    {
        var y = new double[6];
        ReferenceAugmentation.MixChannels(2, 3, s_image, [0, 1, 0, 2, 0, 0, 1, 1, 1], [0.5, 0, -20], -10, 7.5, y);
        Assert.Equal([2.5, 2, -10, 5.5, 7.5, -5], y);
    }
}
