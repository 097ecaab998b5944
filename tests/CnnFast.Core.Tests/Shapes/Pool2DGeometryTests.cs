namespace CnnFast.Core.Tests;

public sealed class Pool2DGeometryTests
{
    private static readonly Shape Input = Shape.Nhwc(2, 9, 11, 6);

    [Fact]
    public void All_sizes_of_a_general_pooling()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Input, 3, 2, 2, 3, Padding.Explicit(1, 0, 2, 3), dilationH: 2, dilationW: 4);
        Assert.Equal((2, 9, 11, 6), (g.N, g.H, g.W, g.C));
        Assert.Equal((3, 2, 2, 3, 2, 4), (g.KH, g.KW, g.StrideH, g.StrideW, g.DilationH, g.DilationW));
        Assert.Equal((1, 0, 2, 3), (g.PadTop, g.PadLeft, g.PadBottom, g.PadRight));
        Assert.Equal((4, 4), (g.OH, g.OW));
        Assert.Equal(Input, g.Input);
        Assert.Equal(Shape.Nhwc(2, 4, 4, 6), g.Output);
        Assert.Equal("N2 H9 W11 C6; window 3×2; stride 2×3; dilation 2×4; pad [1, 0, 2, 3]; output H4 W4", g.ToString());
    }

    [Fact]
    public void A_window_of_two_drops_the_last_row_of_an_odd_image()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Input, 2, 2, 2, 2);
        Assert.Equal((4, 5), (g.OH, g.OW));
        Pool2DGeometry same = Pool2DGeometry.Create(Input, 2, 2, 2, 2, Padding.Same);
        Assert.Equal((5, 6, 0, 1), (same.OH, same.OW, same.PadTop, same.PadBottom));
    }

    [Fact]
    public void A_global_window_is_the_image()
    {
        Pool2DGeometry g = Pool2DGeometry.Global(Input);
        Assert.Equal((9, 11, 1, 1), (g.KH, g.KW, g.OH, g.OW));
        AssertShape("GlobalPool2D 'head': input has shape [3, 4]; expected four dimensions [N, H, W, C].",
            () => Pool2DGeometry.Global(new Shape(3, 4), "head"));
        AssertShape("GlobalPool2D: input has shape [3, 4]; expected four dimensions [N, H, W, C].",
            () => Pool2DGeometry.Global(new Shape(3, 4)));
    }

    [Fact]
    public void An_input_that_is_no_batch_of_images_is_rejected() =>
        AssertShape("Pool2D 'p': input has shape [28, 28, 1]; expected four dimensions [N, H, W, C].",
            () => Pool2DGeometry.Create(new Shape(28, 28, 1), 2, 2, 2, 2, name: "p"));

    [Theory]
    [InlineData(0, 2, 1, 1, 1, 1, "window height is 0")]
    [InlineData(2, -2, 1, 1, 1, 1, "window width is -2")]
    [InlineData(2, 2, 0, 1, 1, 1, "stride height is 0")]
    [InlineData(2, 2, 1, -7, 1, 1, "stride width is -7")]
    [InlineData(2, 2, 1, 1, 0, 1, "dilation height is 0")]
    [InlineData(2, 2, 1, 1, 1, int.MinValue, "dilation width is -2147483648")]
    public void Sizes_below_1_are_rejected(int windowH, int windowW, int strideH, int strideW, int dilationH, int dilationW, string what) =>
        AssertShape(
            $"Pool2D: {what}; it must be at least 1 (input N2 H9 W11 C6; window {windowH}×{windowW}; stride {strideH}×{strideW}; " +
                $"dilation {dilationH}×{dilationW}; padding Valid).",
            () => Pool2DGeometry.Create(Input, windowH, windowW, strideH, strideW, default, dilationH, dilationW));

    [Fact]
    public void A_window_larger_than_the_padded_image_is_rejected()
    {
        AssertShape(
            "Pool2D: the dilated window spans 10×1 pixels, more than the 9×11 of the padded input (input N2 H9 W11 C6; window 10×1; " +
                "stride 1×1; dilation 1×1; padding Valid).",
            () => Pool2DGeometry.Create(Input, 10, 1, 1, 1));
        AssertShape(
            "Pool2D: the padded input is larger than 1073741824 pixels on one side (input N2 H9 W11 C6; window 2×2; stride 1×1; " +
                "dilation 1×1; padding [0, 2147483647, 0, 0]).",
            () => Pool2DGeometry.Create(Input, 2, 2, 1, 1, Padding.Explicit(0, int.MaxValue, 0, 0)));
        AssertShape(
            "Pool2D: the padded input is larger than 1073741824 pixels on one side (input N2 H9 W11 C6; window 3×2; stride 1×1; " +
                "dilation 2147483647×1; padding Same).",
            () => Pool2DGeometry.Create(Input, 3, 2, 1, 1, Padding.Same, dilationH: int.MaxValue));
    }

    [Fact]
    public void A_window_of_padding_alone_is_rejected()
    {
        AssertEmpty("(input N2 H9 W11 C6; window 2×2; stride 2×2; dilation 1×1; padding [2, 2, 2, 2])",
            () => Pool2DGeometry.Create(Input, 2, 2, 2, 2, Padding.Explicit(2)));
        AssertEmpty("(input N2 H9 W11 C6; window 2×2; stride 1×1; dilation 1×1; padding [0, 0, 0, 2])",
            () => Pool2DGeometry.Create(Input, 2, 2, 1, 1, Padding.Explicit(0, 0, 0, 2)));
        // A dilated window whose two cells straddle a single row.
        AssertEmpty("(input N1 H1 W1 C1; window 2×1; stride 1×1; dilation 2×1; padding [1, 0, 1, 0])",
            () => Pool2DGeometry.Create(Shape.Nhwc(1, 1, 1, 1), 2, 1, 1, 1, Padding.Explicit(1, 0, 1, 0), dilationH: 2));

        static void AssertEmpty(string sizes, Func<object> call) =>
            AssertShape($"Pool2D: some window would hold padding alone; pad less {sizes}.", call);
    }

    [Fact]
    public void Every_window_that_is_accepted_holds_a_pixel_and_every_other_is_rejected()
    {
        int accepted = 0, rejected = 0;
        for (int size = 1; size <= 5; size++)
            for (int window = 1; window <= 4; window++)
                for (int stride = 1; stride <= 3; stride++)
                    for (int dilation = 1; dilation <= 3; dilation++)
                        for (int before = 0; before <= 3; before++)
                            for (int after = 0; after <= 3; after++)
                            {
                                int span = ((window - 1) * dilation) + 1;
                                int outputs = before + size + after < span ? 0 : ((before + size + after - span) / stride) + 1;
                                bool holds = outputs > 0 && Enumerable.Range(0, outputs)
                                    .All(o => Enumerable.Range(0, window).Any(a =>
                                        (o * stride) + (a * dilation) - before >= 0 && (o * stride) + (a * dilation) - before < size));
                                if (holds)
                                {
                                    accepted++;
                                    Assert.Equal(outputs, Pool2DGeometry.Create(Shape.Nhwc(1, size, 1, 1), window, 1, stride, 1,
                                        Padding.Explicit(before, 0, after, 0), dilation).OH);
                                    Assert.Equal(outputs, Pool2DGeometry.Create(Shape.Nhwc(1, 1, size, 1), 1, window, 1, stride,
                                        Padding.Explicit(0, before, 0, after), 1, dilation).OW);
                                }
                                else
                                {
                                    rejected++;
                                    Assert.Throws<ShapeException>(() => Pool2DGeometry.Create(Shape.Nhwc(1, size, 1, 1), window, 1, stride,
                                        1, Padding.Explicit(before, 0, after, 0), dilation));
                                }
                            }

        Assert.True(accepted > 500 && rejected > 500, $"{accepted} accepted, {rejected} rejected");
    }

    [Fact]
    public void An_output_with_too_many_elements_is_rejected() =>
        AssertShape(
            "Shape [1, 32769, 32769, 2] has more than 2147483647 elements, which is the most that one tensor can hold.",
            () => Pool2DGeometry.Create(Shape.Nhwc(1, 32768, 32767, 2), 2, 3, 1, 1, Padding.Explicit(1, 2, 1, 2)));

    private static void AssertShape(string message, Func<object> call) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
