using CnnFast.Layers;

namespace CnnFast.Tests.Layers;

/// <summary>Resizing, adaptive pooling and shuffled pixels as users see them.</summary>
public sealed class ImageSizeTests
{
    [Fact]
    public void Adaptive_windows_are_those_of_pytorch()
    {
        // torch.nn.functional.adaptive_avg_pool1d of 0 … 6 to 3: rows 0-2, 2-4, 4-6; to 5: 0-1, 1-2, 2-4, 4-5, 5-6.
        float[] x = [0, 1, 2, 3, 4, 5, 6];
        Assert.Equal([1, 3, 5], Run(new AdaptiveAveragePool2D((3, 1)), new Shape(7, 1, 1), x));
        Assert.Equal([0.5f, 1.5f, 3, 4.5f, 5.5f], Run(new AdaptiveAveragePool2D((1, 5)), new Shape(1, 7, 1), x));
        Assert.Equal([1, 2, 4, 5, 6], Run(new AdaptiveMaxPool2D((5, 1)), new Shape(7, 1, 1), x));

        // More outputs than inputs: 0 … 2 to 7.
        Assert.Equal([0, 0, 0.5f, 1, 1.5f, 2, 2], Run(new AdaptiveAveragePool2D((7, 1)), new Shape(3, 1, 1), x[..3]));
        Assert.Equal(3, Assert.Single(Run(new AdaptiveAveragePool2D(1), new Shape(7, 1, 1), x)), 1e-6f);
    }

    [Fact]
    public void Sizes_by_hand()
    {
        float[] x = [0, 10, 20, 30];
        Assert.Equal([5, 25], Run(new Resizing((1, 2)), new Shape(1, 4, 1), x));
        Assert.Equal([0, 30], Run(new Resizing((1, 2), alignCorners: true), new Shape(1, 4, 1), x));
        Assert.Equal([0, 5, 10, 15, 20, 25, 30], Run(new Resizing((1, 7), alignCorners: true), new Shape(1, 4, 1), x));
        Assert.Equal([10, 30], Run(new Resizing((1, 2), Interpolation.Nearest), new Shape(1, 4, 1), x));
        Assert.Equal([0, 10, 10, 20, 30, 30],
            Run(new Resizing((1, 6), Interpolation.Nearest), new Shape(1, 4, 1), x));
        Assert.Equal([0f], Run(new Resizing(1, alignCorners: true), new Shape(1, 4, 1), x));
    }

    [Fact]
    public void Shuffled_pixels_take_channels_in_the_order_of_pytorch()
    {
        // Channels 0-3 make channel 0 of a block of 2×2 pixels, 4-7 channel 1.
        float[] x = [0, 1, 2, 3, 4, 5, 6, 7];
        Assert.Equal([0, 4, 1, 5, 2, 6, 3, 7], Run(new PixelShuffle(2), new Shape(1, 1, 8), x));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resizing(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveMaxPool2D((1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelShuffle(0));
        Assert.Equal("PixelShuffle 'p': input has shape (N, 2, 2, 6); expected channels that the square of the factor, 4, divides.",
            Assert.Throws<ShapeException>(() => new Sequential(new PixelShuffle(2, name: "p")).Build(new Shape(2, 2, 6))).Message);
        Assert.Throws<ShapeException>(() => new Sequential(new Resizing(2)).Build(new Shape(6)));
        Assert.Throws<ShapeException>(() => new Sequential(new AdaptiveAveragePool2D(2)).Build(new Shape(3, 6)));
        Assert.Throws<ShapeException>(() => new Sequential(new Resizing(1 << 20)).Build(new Shape(2, 2, 6)));
    }

    [Fact]
    public void Output_padding_may_reach_the_dilation()
    {
        // One input of 3 at taps 0 and 2, then three more columns of the bias alone.
        Model model = new Sequential(new Conv2DTranspose(1, (1, 2), dilation: (1, 2), outputPadding: (0, 1),
            filterInitializer: Initializer.Constant(2), biasInitializer: Initializer.Constant(1))).Build(new Shape(1, 1, 1));
        Assert.Equal([7, 1, 7, 1], model.Predict([3f]));
        Assert.Equal("Conv2DTranspose: outputPadding width is 2; expected at least 0 and below the larger of stride 1 and dilation 2. " +
            "(Parameter 'outputPadding')",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2DTranspose(1, 2, dilation: 2, outputPadding: (0, 2))).Message);
    }

    private static float[] Run(Layer layer, Shape shape, float[] x) => new Sequential(layer).Build(shape).Predict(x);
}
