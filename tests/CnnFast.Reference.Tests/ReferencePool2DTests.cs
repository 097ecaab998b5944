namespace CnnFast.Reference.Tests;

public sealed class ReferencePool2DTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void Two_by_two_maxima_by_hand_and_the_first_of_a_tie_gets_the_gradient()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 2, 4, 1), 2, 2, 2, 2);
        double[] x =
        [
            1, 3, 2, 2,
            4, 2, 2, 2,
        ];
        Assert.Equal([4, 2], MaxForward(g, x));
        Assert.Equal(
            [
                0, 0, 20, 0,
                10, 0, 0, 0,
            ],
            MaxBackward(g, x, [10, 20]));
    }

    [Fact]
    public void Windows_that_overlap_add_up_their_gradients()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 3, 1), 1, 2, 1, 1);
        Assert.Equal([5, 5], MaxForward(g, [1, 5, 2]));
        Assert.Equal([0, 3, 0], MaxBackward(g, [1, 5, 2], [1, 2]));
    }

    [Fact]
    public void A_tie_is_broken_in_row_order_and_each_window_by_itself()
    {
        // Row before column: of (0,1) and (1,0) the first is (0,1). The second window's first maximum is (0,1) again.
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 2, 3, 1), 2, 2, 1, 1);
        double[] x =
        [
            0, 7, 1,
            7, 2, 7,
        ];
        Assert.Equal([7, 7], MaxForward(g, x));
        Assert.Equal([0, 11, 0, 0, 0, 0], MaxBackward(g, x, [1, 10]));
        Assert.Equal([1, 0, 0, 10], MaxBackward(Pool2DGeometry.Create(Shape.Nhwc(1, 1, 4, 1), 1, 2, 1, 2), [0, -0.0, 3, 4], [1, 10]));
    }

    [Fact]
    public void NaN_wins_over_every_number_and_the_first_NaN_gets_the_gradient()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 6, 1), 1, 3, 1, 3);
        double[] x = [1, NaN, Infinity, NaN, NaN, 5];
        Assert.Equal([NaN, NaN], MaxForward(g, x));
        Assert.Equal([0, 1, 0, 2, 0, 0], MaxBackward(g, x, [1, 2]));
        Assert.Equal([NaN, 2], MaxForward(g, [NaN, 1, 2, 0, 1, 2]));
        Assert.Equal([NaN, 2], MaxForward(g, [0, 1, NaN, 2, 1, 0]));
    }

    [Fact]
    public void Infinities_are_ordinary_values_of_a_maximum()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 4, 1), 1, 2, 1, 2);
        Assert.Equal([-Infinity, Infinity], MaxForward(g, [-Infinity, -Infinity, 1, Infinity]));
        Assert.Equal([1, 0, 0, 2], MaxBackward(g, [-Infinity, -Infinity, 1, Infinity], [1, 2]));
    }

    [Fact]
    public void Padding_is_never_the_maximum()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 2, 1), 3, 3, 1, 1, Padding.Same);
        Assert.Equal([-2, -2], MaxForward(g, [-5, -2]));
        Assert.Equal([0, 11], MaxBackward(g, [-5, -2], [1, 10]));
    }

    [Fact]
    public void Dilation_skips_pixels()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 5, 1), 1, 2, 1, 1, dilationW: 2);
        Assert.Equal([9, 8, 3], MaxForward(g, [9, 1, 2, 8, 3]));
        Assert.Equal([1, 0, 0, 10, 100], MaxBackward(g, [9, 1, 2, 8, 3], [1, 10, 100]));
        Assert.Equal([5.5, 4.5, 2.5], AverageForward(g, [9, 1, 2, 8, 3], countPadding: true));
    }

    [Fact]
    public void Rows_and_columns_have_their_own_window_stride_and_dilation()
    {
        // Windows of rows (0, 2) and (1, 3), columns 0 and 2.
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 4, 3, 1), 2, 1, 1, 2, dilationH: 2);
        double[] x =
        [
            20, 2, 3,
            4, 5, 6,
            7, 8, 9,
            10, 11, 12,
        ];
        Assert.Equal([20, 9, 10, 12], MaxForward(g, x));
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 2, 3, 0, 4], MaxBackward(g, x, [1, 2, 3, 4]));
        Assert.Equal([13.5, 6, 7, 9], AverageForward(g, x, countPadding: false));
        Assert.Equal([1, 0, 2, 3, 0, 4, 1, 0, 2, 3, 0, 4], AverageBackward(g, [2, 4, 6, 8], countPadding: false));
    }

    [Fact]
    public void Channels_and_images_are_pooled_apart()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(2, 1, 2, 2), 1, 2, 1, 1);
        double[] x = [1, 20, 3, 10, 7, 50, 5, 60];
        Assert.Equal([3, 20, 7, 60], MaxForward(g, x));
        Assert.Equal([0, 2, 1, 0, 3, 0, 0, 4], MaxBackward(g, x, [1, 2, 3, 4]));
        Assert.Equal([2, 15, 6, 55], AverageForward(g, x, countPadding: false));
    }

    [Fact]
    public void Averages_with_and_without_counting_padding_by_hand()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 2, 2, 1), 2, 2, 1, 1, Padding.Explicit(1, 0, 0, 0));
        double[] x =
        [
            1, 2,
            3, 4,
        ];
        Assert.Equal([0.75, 2.5], AverageForward(g, x, countPadding: true));
        Assert.Equal([1.5, 2.5], AverageForward(g, x, countPadding: false));
        Assert.Equal([3, 3, 2, 2], AverageBackward(g, [4, 8], countPadding: true));
        Assert.Equal([4, 4, 2, 2], AverageBackward(g, [4, 8], countPadding: false));
    }

    [Fact]
    public void A_corner_window_without_counting_padding_divides_by_its_pixels()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 2, 3, 1), 3, 3, 2, 2, Padding.Explicit(1, 1, 2, 1));
        double[] x =
        [
            1, 2, 3,
            4, 5, 6,
        ];
        // Windows over rows −1..1 and 1..3, columns −1..1 and 1..3.
        Assert.Equal([12 / 9.0, 16 / 9.0, 9 / 9.0, 11 / 9.0], AverageForward(g, x, countPadding: true));
        Assert.Equal([3, 4, 4.5, 5.5], AverageForward(g, x, countPadding: false));
        Assert.Equal([1, 3, 2, 5, 15, 10], AverageBackward(g, [4, 8, 8, 16], countPadding: false));
    }

    [Fact]
    public void An_average_holds_NaN_and_infinity()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 4, 1), 1, 2, 1, 2);
        Assert.Equal([NaN, Infinity], AverageForward(g, [1, NaN, 2, Infinity], countPadding: true));
    }

    [Fact]
    public void Global_pooling_reduces_each_channel_of_each_image()
    {
        Pool2DGeometry g = Pool2DGeometry.Global(Shape.Nhwc(2, 2, 3, 1));
        double[] x = [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 0];
        Assert.Equal([3.5, 25], AverageForward(g, x, countPadding: true));
        Assert.Equal([6, 50], MaxForward(g, x));
        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2], AverageBackward(g, [6, 12], countPadding: true));
    }

    [Fact]
    public void A_span_of_another_length_is_one_sentence()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(2, 3, 4, 5), 1, 2, 1, 1);
        double[] x = new double[120], y = new double[90];
        AssertShape("ReferencePool2D.MaxForward: x has 119 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferencePool2D.MaxForward(g, x.AsSpan(1), y));
        AssertShape("ReferencePool2D.MaxForward: y has 120 elements; expected 90 for shape [2, 3, 3, 5].",
            () => ReferencePool2D.MaxForward(g, x, x));
        AssertShape("ReferencePool2D.MaxBackward: x has 90 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferencePool2D.MaxBackward(g, y, y, x));
        AssertShape("ReferencePool2D.MaxBackward: dy has 120 elements; expected 90 for shape [2, 3, 3, 5].",
            () => ReferencePool2D.MaxBackward(g, x, x, x));
        AssertShape("ReferencePool2D.MaxBackward: dx has 90 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferencePool2D.MaxBackward(g, x, y, y));
        AssertShape("ReferencePool2D.AverageForward: x has 0 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferencePool2D.AverageForward(g, [], y, true));
        AssertShape("ReferencePool2D.AverageForward: y has 120 elements; expected 90 for shape [2, 3, 3, 5].",
            () => ReferencePool2D.AverageForward(g, x, x, true));
        AssertShape("ReferencePool2D.AverageBackward: dy has 120 elements; expected 90 for shape [2, 3, 3, 5].",
            () => ReferencePool2D.AverageBackward(g, x, x, true));
        AssertShape("ReferencePool2D.AverageBackward: dx has 90 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferencePool2D.AverageBackward(g, y, y, true));
    }

    private static void AssertShape(string message, Action call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    private static double[] MaxForward(Pool2DGeometry g, double[] x)
    {
        var y = new double[g.Output.ElementCount];
        ReferencePool2D.MaxForward(g, x, y);
        return y;
    }

    private static double[] MaxBackward(Pool2DGeometry g, double[] x, double[] dy)
    {
        var dx = new double[g.Input.ElementCount];
        dx.AsSpan().Fill(NaN);
        ReferencePool2D.MaxBackward(g, x, dy, dx);
        return dx;
    }

    private static double[] AverageForward(Pool2DGeometry g, double[] x, bool countPadding)
    {
        var y = new double[g.Output.ElementCount];
        ReferencePool2D.AverageForward(g, x, y, countPadding);
        return y;
    }

    private static double[] AverageBackward(Pool2DGeometry g, double[] dy, bool countPadding)
    {
        var dx = new double[g.Input.ElementCount];
        dx.AsSpan().Fill(NaN);
        ReferencePool2D.AverageBackward(g, dy, dx, countPadding);
        return dx;
    }
}
