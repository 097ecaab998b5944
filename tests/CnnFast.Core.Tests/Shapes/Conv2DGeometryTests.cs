namespace CnnFast.Core.Tests;

public sealed class Conv2DGeometryTests
{
    private static readonly Shape Input = Shape.Nhwc(2, 9, 11, 6);

    [Fact]
    public void All_sizes_of_a_general_convolution()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Input, new FilterShape(3, 2, 3, 10), Padding.Explicit(1, 0, 2, 3), strideH: 2, strideW: 3,
            dilationH: 2, dilationW: 4, groups: 2);
        Assert.Equal((2, 9, 11, 6), (g.N, g.H, g.W, g.C));
        Assert.Equal((3, 2, 10, 2, 3, 5), (g.KH, g.KW, g.OC, g.Groups, g.GroupC, g.GroupOC));
        Assert.Equal((2, 3, 2, 4), (g.StrideH, g.StrideW, g.DilationH, g.DilationW));
        Assert.Equal((1, 0, 2, 3), (g.PadTop, g.PadLeft, g.PadBottom, g.PadRight));
        // Rows: (1 + 9 + 2 − 5) / 2 + 1; columns: (11 + 3 − 5) / 3 + 1.
        Assert.Equal((4, 4), (g.OH, g.OW));
        Assert.Equal(Input, g.Input);
        Assert.Equal(new FilterShape(3, 2, 3, 10), g.Filter);
        Assert.Equal(Shape.Nhwc(2, 4, 4, 10), g.Output);
        Assert.Equal(2L * 4 * 4 * 10 * 3 * 2 * 3, g.MultiplyAdds);
        Assert.Equal("N2 H9 W11 C6; filter H3 W2 I3 O10; stride 2×3; dilation 2×4; groups 2; pad [1, 0, 2, 3]; output H4 W4", g.ToString());
    }

    [Theory]
    // input, filter, stride, dilation → output, pad before, pad after (TensorFlow SAME_UPPER).
    [InlineData(5, 3, 1, 1, 5, 1, 1)]
    [InlineData(5, 2, 1, 1, 5, 0, 1)]
    [InlineData(5, 4, 1, 1, 5, 1, 2)]
    [InlineData(5, 3, 2, 1, 3, 1, 1)]
    [InlineData(6, 3, 2, 1, 3, 0, 1)]
    [InlineData(6, 5, 3, 1, 2, 1, 1)]
    [InlineData(7, 1, 3, 1, 3, 0, 0)]
    [InlineData(5, 1, 3, 1, 2, 0, 0)]
    [InlineData(1, 5, 1, 1, 1, 2, 2)]
    [InlineData(1, 4, 3, 2, 1, 3, 3)]
    [InlineData(8, 3, 1, 3, 8, 3, 3)]
    [InlineData(8, 2, 2, 3, 4, 1, 1)]
    public void Same_padding_gives_one_output_a_stride(int input, int filter, int stride, int dilation, int output, int before, int after)
    {
        Conv2DGeometry rows = Conv2DGeometry.Create(Shape.Nhwc(1, input, 1, 1), new FilterShape(filter, 1, 1, 1), Padding.Same,
            strideH: stride, dilationH: dilation);
        Assert.Equal((output, before, after), (rows.OH, rows.PadTop, rows.PadBottom));
        Assert.Equal((1, 0, 0), (rows.OW, rows.PadLeft, rows.PadRight));
        Conv2DGeometry columns = Conv2DGeometry.Create(Shape.Nhwc(1, 1, input, 1), new FilterShape(1, filter, 1, 1), Padding.Same,
            strideW: stride, dilationW: dilation);
        Assert.Equal((output, before, after), (columns.OW, columns.PadLeft, columns.PadRight));
        Assert.Equal((1, 0, 0), (columns.OH, columns.PadTop, columns.PadBottom));
    }

    [Theory]
    [InlineData(5, 3, 1, 1, 3)]
    [InlineData(5, 5, 1, 1, 1)]
    [InlineData(6, 3, 2, 1, 2)]
    [InlineData(7, 3, 2, 1, 3)]
    [InlineData(7, 1, 3, 1, 3)]
    [InlineData(7, 3, 1, 3, 1)]
    public void Valid_padding_stays_inside_the_image(int input, int filter, int stride, int dilation, int output)
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, input, 3, 1), new FilterShape(filter, 1, 1, 1), strideH: stride,
            dilationH: dilation);
        Assert.Equal((output, 0, 0), (g.OH, g.PadTop, g.PadBottom));
    }

    [Fact]
    public void Geometries_with_the_same_sizes_are_equal()
    {
        Conv2DGeometry same = Conv2DGeometry.Create(Input, new FilterShape(3, 3, 6, 4), Padding.Same);
        Assert.Equal(same, Conv2DGeometry.Create(Input, new FilterShape(3, 3, 6, 4), Padding.Explicit(1), name: "other"));
        Assert.NotEqual(same, Conv2DGeometry.Create(Input, new FilterShape(3, 3, 6, 4)));
    }

    [Fact]
    public void Another_batch_keeps_everything_else()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Input, new FilterShape(3, 2, 3, 10), Padding.Same, 2, 1, 1, 2, 2);
        Assert.Equal(Conv2DGeometry.Create(Shape.Nhwc(7, 9, 11, 6), new FilterShape(3, 2, 3, 10), Padding.Same, 2, 1, 1, 2, 2),
            g.WithBatch(7));
        AssertShape("Shape [0, 9, 11, 6] has a dimension of 0; every dimension must be at least 1.", () => g.WithBatch(0));
        AssertShape("Shape [2147483647, 9, 11, 6] has more than 2147483647 elements, which is the most that one tensor can hold.",
            () => g.WithBatch(int.MaxValue));
    }

    [Fact]
    public void Channels_that_do_not_match_the_filter_are_rejected_with_all_sizes() =>
        AssertShape(
            "Conv2D 'stem': input has 4 channels, filter expects 3 (input N1 H224 W224 C4; filter H3 W3 I3 O32; stride 1×1; " +
                "dilation 1×1; groups 1; padding Valid).",
            () => Conv2DGeometry.Create(Shape.Nhwc(1, 224, 224, 4), new FilterShape(3, 3, 3, 32), name: "stem"));

    [Fact]
    public void Groups_must_divide_both_channels()
    {
        const string Sizes = "(input N2 H9 W11 C6; filter H1 W1 I1 O10; stride 1×1; dilation 1×1; groups {0}; padding Valid).";
        AssertShape("Conv2D: groups 4 must divide the 6 input channels and the 10 output channels " + Sizes.Replace("{0}", "4"),
            () => Conv2DGeometry.Create(Input, new FilterShape(1, 1, 1, 10), groups: 4));
        AssertShape("Conv2D: groups 3 must divide the 6 input channels and the 10 output channels " + Sizes.Replace("{0}", "3"),
            () => Conv2DGeometry.Create(Input, new FilterShape(1, 1, 1, 10), groups: 3));
        AssertShape("Conv2D: input has 6 channels, filter expects 2 " + Sizes.Replace("{0}", "2"),
            () => Conv2DGeometry.Create(Input, new FilterShape(1, 1, 1, 10), groups: 2));
        AssertShape("Conv2D: groups 60 must divide the 6 input channels and the 60 output channels (input N2 H9 W11 C6; " +
                "filter H1 W1 I1 O60; stride 1×1; dilation 1×1; groups 60; padding Valid).",
            () => Conv2DGeometry.Create(Input, new FilterShape(1, 1, 1, 60), groups: 60));
    }

    [Theory]
    [InlineData(0, 1, 6, 4, 1, 1, 1, 1, 1, "filter height is 0")]
    [InlineData(1, -2, 6, 4, 1, 1, 1, 1, 1, "filter width is -2")]
    [InlineData(1, 1, 0, 4, 1, 1, 1, 1, 1, "filter input channels is 0")]
    [InlineData(1, 1, 6, -4, 1, 1, 1, 1, 1, "filter output channels is -4")]
    [InlineData(1, 1, 6, 4, 0, 1, 1, 1, 1, "stride height is 0")]
    [InlineData(1, 1, 6, 4, 1, -1, 1, 1, 1, "stride width is -1")]
    [InlineData(1, 1, 6, 4, 1, 1, 0, 1, 1, "dilation height is 0")]
    [InlineData(1, 1, 6, 4, 1, 1, 1, int.MinValue, 1, "dilation width is -2147483648")]
    [InlineData(1, 1, 6, 4, 1, 1, 1, 1, 0, "groups is 0")]
    public void Sizes_below_1_are_rejected(int kh, int kw, int ic, int oc, int strideH, int strideW, int dilationH, int dilationW,
        int groups, string what) =>
        AssertShape(
            $"Conv2D 'c1': {what}; it must be at least 1 (input N2 H9 W11 C6; filter H{kh} W{kw} I{ic} O{oc}; " +
                $"stride {strideH}×{strideW}; dilation {dilationH}×{dilationW}; groups {groups}; padding Same).",
            () => Conv2DGeometry.Create(Input, new FilterShape(kh, kw, ic, oc), Padding.Same, strideH, strideW, dilationH, dilationW,
                groups, "c1"));

    [Fact]
    public void An_input_that_is_no_batch_of_images_is_rejected()
    {
        AssertShape("Conv2D: input has shape [28, 28, 1]; expected four dimensions [N, H, W, C].",
            () => Conv2DGeometry.Create(new Shape(28, 28, 1), new FilterShape(1, 1, 1, 1)));
        AssertShape("Conv2D 'c': input has shape []; expected four dimensions [N, H, W, C].",
            () => Conv2DGeometry.Create(default, new FilterShape(1, 1, 1, 1), name: "c"));
    }

    [Fact]
    public void A_filter_larger_than_the_padded_image_is_rejected()
    {
        AssertShape(
            "Conv2D: the dilated filter spans 10×2 pixels, more than the 9×11 of the padded input (input N2 H9 W11 C6; " +
                "filter H4 W2 I6 O1; stride 1×1; dilation 3×1; groups 1; padding Valid).",
            () => Conv2DGeometry.Create(Input, new FilterShape(4, 2, 6, 1), dilationH: 3));
        AssertShape(
            "Conv2D: the dilated filter spans 1×16 pixels, more than the 11×15 of the padded input (input N2 H9 W11 C6; " +
                "filter H1 W16 I6 O1; stride 1×1; dilation 1×1; groups 1; padding [2, 1, 0, 3]).",
            () => Conv2DGeometry.Create(Input, new FilterShape(1, 16, 6, 1), Padding.Explicit(2, 1, 0, 3)));
        Assert.Equal((1, 1),
            (Conv2DGeometry.Create(Input, new FilterShape(9, 11, 6, 1)).OH, Conv2DGeometry.Create(Input, new FilterShape(9, 11, 6, 1)).OW));
    }

    [Fact]
    public void Huge_windows_and_paddings_overflow_into_a_sentence()
    {
        AssertShape(
            "Conv2D: the dilated filter spans 4611686011984936963×1 pixels, more than the 9×11 of the padded input (input N2 H9 W11 C6; " +
                "filter H2147483647 W1 I6 O1; stride 1×1; dilation 2147483647×1; groups 1; padding Valid).",
            () => Conv2DGeometry.Create(Input, new FilterShape(int.MaxValue, 1, 6, 1), dilationH: int.MaxValue));
        AssertShape(
            "Conv2D: the padded input is larger than 1073741824 pixels on one side (input N2 H9 W11 C6; filter H1 W3 I6 O1; stride 1×1; " +
                "dilation 1×2147483647; groups 1; padding Same).",
            () => Conv2DGeometry.Create(Input, new FilterShape(1, 3, 6, 1), Padding.Same, dilationW: int.MaxValue));
        AssertShape(
            "Conv2D: the padded input is larger than 1073741824 pixels on one side (input N2 H9 W11 C6; filter H1 W1 I6 O1; stride 1×1; " +
                "dilation 1×1; groups 1; padding [0, 0, 2147483647, 0]).",
            () => Conv2DGeometry.Create(Input, new FilterShape(1, 1, 6, 1), Padding.Explicit(0, 0, int.MaxValue, 0)));
    }

    [Fact]
    public void Outputs_and_filters_with_too_many_elements_are_rejected()
    {
        AssertShape(
            "Shape [1, 40000, 40000, 2] has more than 2147483647 elements, which is the most that one tensor can hold.",
            () => Conv2DGeometry.Create(Shape.Nhwc(1, 40000, 40000, 1), new FilterShape(1, 1, 1, 2)));
        AssertShape(
            "Shape [1, 1, 65536, 65536] has more than 2147483647 elements, which is the most that one tensor can hold.",
            () => Conv2DGeometry.Create(Shape.Nhwc(1, 1, 1, 65536), new FilterShape(1, 1, 65536, 65536)));
        AssertShape(
            "Shape [1, 1, 1000000009, 4] has more than 2147483647 elements, which is the most that one tensor can hold.",
            () => Conv2DGeometry.Create(Shape.Nhwc(1, 1, 10, 1), new FilterShape(1, 1, 1, 4), Padding.Explicit(0, 999_999_999, 0, 0)));
    }

    [Fact]
    public void The_largest_strides_read_one_pixel()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Input, new FilterShape(2, 2, 6, 1), Padding.Valid, int.MaxValue, int.MaxValue);
        Assert.Equal((1, 1), (g.OH, g.OW));
        Conv2DGeometry same = Conv2DGeometry.Create(Input, new FilterShape(2, 2, 6, 1), Padding.Same, int.MaxValue, int.MaxValue);
        Assert.Equal((1, 1, 0, 0), (same.OH, same.OW, same.PadTop, same.PadRight));
    }

    [Fact]
    public void Multiply_adds_of_large_layers_do_not_overflow()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(512, 56, 56, 512), new FilterShape(3, 3, 512, 512), Padding.Same);
        Assert.Equal(512L * 56 * 56 * 512 * 3 * 3 * 512, g.MultiplyAdds);
    }

    private static void AssertShape(string message, Func<object> call) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
