namespace CnnFast.Reference.Tests;

public sealed class ReferenceConv2DTests
{
    [Fact]
    public void A_2x2_filter_over_a_3x3_image_by_hand()
    {
        // 1 2 3       1 2
        // 4 5 6   ∗   3 4   + 10
        // 7 8 9
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 3, 3, 1), new FilterShape(2, 2, 1, 1));
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        double[] w = [1, 2, 3, 4];
        Assert.Equal([47, 57, 77, 87], Forward(g, x, w, [10]));

        double[] dy = [1, 2, 3, 4];
        Assert.Equal(
            [
                1, 4, 4,
                6, 20, 16,
                9, 24, 16,
            ],
            BackwardData(g, dy, w));
        Assert.Equal([37, 47, 67, 77], BackwardFilter(g, x, dy));
        Assert.Equal([10], BackwardBias(g, dy));
    }

    [Fact]
    public void Strides_and_padding_that_differ_by_side_by_hand()
    {
        // Rows 0 and 2 (padding) under a filter [1 10], columns −1..0 and 1..2.
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 2, 3, 1), new FilterShape(1, 2, 1, 1), Padding.Explicit(0, 1, 1, 0),
            strideH: 2, strideW: 2);
        double[] x = [1, 2, 3, 4, 5, 6];
        double[] w = [1, 10];
        Assert.Equal([10.5, 32.5, 0.5, 0.5], Forward(g, x, w, [0.5]));

        double[] dy = [1, 2, 3, 4];
        Assert.Equal([10, 2, 20, 0, 0, 0], BackwardData(g, dy, w));
        Assert.Equal([4, 7], BackwardFilter(g, x, dy));
        Assert.Equal([10], BackwardBias(g, dy));
    }

    [Fact]
    public void A_dilated_filter_by_hand()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 1, 5, 1), new FilterShape(1, 2, 1, 1), dilationW: 3);
        double[] x = [1, 2, 3, 4, 5];
        Assert.Equal([41, 52], Forward(g, x, [1, 10], []));
        Assert.Equal([1, 2, 0, 10, 20], BackwardData(g, [1, 2], [1, 10]));
        Assert.Equal([5, 14], BackwardFilter(g, x, [1, 2]));
    }

    [Fact]
    public void Same_padding_with_an_odd_total_pads_the_right_side_by_hand()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 1, 4, 1), new FilterShape(1, 3, 1, 1), Padding.Same, strideW: 2);
        Assert.Equal([321, 43], Forward(g, [1, 2, 3, 4], [1, 10, 100], []));
    }

    [Fact]
    public void Two_groups_by_hand()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 1, 1, 4), new FilterShape(1, 1, 2, 4), groups: 2);
        double[] x = [1, 2, 3, 4];
        double[] w =
        [
            1, 2, 3, 4,
            5, 6, 7, 8,
        ];
        Assert.Equal([11, 14, 37, 44], Forward(g, x, w, []));
        Assert.Equal([3, 11, 7, 15], BackwardData(g, [1, 1, 1, 1], w));
        Assert.Equal([1, 1, 3, 3, 2, 2, 4, 4], BackwardFilter(g, x, [1, 1, 1, 1]));
    }

    [Fact]
    public void A_batch_of_two_images_with_channels_by_hand()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(2, 1, 1, 2), new FilterShape(1, 1, 2, 3));
        double[] x = [1, 2, 3, 4];
        double[] w =
        [
            1, 2, 3,
            4, 5, 6,
        ];
        Assert.Equal([9, 12, 15, 19, 26, 33], Forward(g, x, w, []));

        double[] dy = [1, 0, 0, 0, 1, 0];
        Assert.Equal([1, 4, 2, 5], BackwardData(g, dy, w));
        Assert.Equal([1, 3, 0, 2, 4, 0], BackwardFilter(g, x, dy));
        Assert.Equal([1, 1, 0], BackwardBias(g, dy));
    }

    [Fact]
    public void Rows_and_columns_are_not_mixed_up_by_hand()
    {
        // A 2×3 image under a 2×1 filter [1; 10]: one row of three.
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 2, 3, 1), new FilterShape(2, 1, 1, 1));
        Assert.Equal([41, 52, 63], Forward(g, [1, 2, 3, 4, 5, 6], [1, 10], []));
        Assert.Equal([1, 2, 3, 10, 20, 30], BackwardData(g, [1, 2, 3], [1, 10]));
        Assert.Equal([14, 32], BackwardFilter(g, [1, 2, 3, 4, 5, 6], [1, 2, 3]));
    }

    [Fact]
    public void Outputs_are_overwritten()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 1, 2, 1), new FilterShape(1, 1, 1, 1));
        double[] dx = [double.NaN, double.NaN], dw = [double.NaN], db = [double.NaN], y = [double.NaN, double.NaN];
        ReferenceConv2D.Forward(g, [1, 2], [3], [], y);
        ReferenceConv2D.BackwardData(g, [1, 2], [3], dx);
        ReferenceConv2D.BackwardFilter(g, [1, 2], [1, 2], dw);
        ReferenceConv2D.BackwardBias(g, [1, 2], db);
        Assert.Equal([3, 6], y);
        Assert.Equal([3, 6], dx);
        Assert.Equal([5], dw);
        Assert.Equal([3], db);
    }

    [Fact]
    public void A_span_of_another_length_is_one_sentence()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(2, 3, 4, 5), new FilterShape(1, 2, 5, 6));
        double[] x = new double[120], w = new double[60], b = new double[6], y = new double[108];

        AssertShape("ReferenceConv2D.Forward: x has 119 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferenceConv2D.Forward(g, x.AsSpan(1), w, b, y));
        AssertShape("ReferenceConv2D.Forward: w has 59 elements; expected 60 for shape [1, 2, 5, 6].",
            () => ReferenceConv2D.Forward(g, x, w.AsSpan(1), b, y));
        AssertShape("ReferenceConv2D.Forward: bias has 5 elements; expected none or 6 for shape [6].",
            () => ReferenceConv2D.Forward(g, x, w, b.AsSpan(1), y));
        AssertShape("ReferenceConv2D.Forward: y has 107 elements; expected 108 for shape [2, 3, 3, 6].",
            () => ReferenceConv2D.Forward(g, x, w, b, y.AsSpan(1)));
        AssertShape("ReferenceConv2D.BackwardData: dy has 0 elements; expected 108 for shape [2, 3, 3, 6].",
            () => ReferenceConv2D.BackwardData(g, [], w, x));
        AssertShape("ReferenceConv2D.BackwardData: w has 6 elements; expected 60 for shape [1, 2, 5, 6].",
            () => ReferenceConv2D.BackwardData(g, y, b, x));
        AssertShape("ReferenceConv2D.BackwardData: dx has 108 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferenceConv2D.BackwardData(g, y, w, y));
        AssertShape("ReferenceConv2D.BackwardFilter: x has 6 elements; expected 120 for shape [2, 3, 4, 5].",
            () => ReferenceConv2D.BackwardFilter(g, b, y, w));
        AssertShape("ReferenceConv2D.BackwardFilter: dy has 120 elements; expected 108 for shape [2, 3, 3, 6].",
            () => ReferenceConv2D.BackwardFilter(g, x, x, w));
        AssertShape("ReferenceConv2D.BackwardFilter: dw has 6 elements; expected 60 for shape [1, 2, 5, 6].",
            () => ReferenceConv2D.BackwardFilter(g, x, y, b));
        AssertShape("ReferenceConv2D.BackwardBias: dy has 6 elements; expected 108 for shape [2, 3, 3, 6].",
            () => ReferenceConv2D.BackwardBias(g, b, b));
        AssertShape("ReferenceConv2D.BackwardBias: db has 60 elements; expected 6 for shape [6].",
            () => ReferenceConv2D.BackwardBias(g, y, w));
    }

    private static void AssertShape(string message, Action call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    private static double[] Forward(Conv2DGeometry g, double[] x, double[] w, double[] bias)
    {
        var y = new double[g.Output.ElementCount];
        ReferenceConv2D.Forward(g, x, w, bias, y);
        return y;
    }

    private static double[] BackwardData(Conv2DGeometry g, double[] dy, double[] w)
    {
        var dx = new double[g.Input.ElementCount];
        ReferenceConv2D.BackwardData(g, dy, w, dx);
        return dx;
    }

    private static double[] BackwardFilter(Conv2DGeometry g, double[] x, double[] dy)
    {
        var dw = new double[g.Filter.ToShape().ElementCount];
        ReferenceConv2D.BackwardFilter(g, x, dy, dw);
        return dw;
    }

    private static double[] BackwardBias(Conv2DGeometry g, double[] dy)
    {
        var db = new double[g.OC];
        ReferenceConv2D.BackwardBias(g, dy, db);
        return db;
    }
}
