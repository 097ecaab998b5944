using CnnFast.Operators;

namespace CnnFast.Kernels.Tests;

public sealed class ConvolutionCheckTests
{
    private static readonly Conv2DGeometry s_geometry = Conv2DGeometry.Create(Shape.Nhwc(2, 5, 7, 3), new FilterShape(3, 2, 3, 4),
        Padding.Same);

    [Fact]
    public void A_wrong_length_is_refused_with_both_lengths()
    {
        var op = Conv2DOperator.Create(ConvolutionPass.Forward(s_geometry));
        var packed = new float[op.PackedFilterLength];
        var workspace = new byte[op.WorkspaceBytes(1)];
        Assert.StartsWith("Conv2D: filter has 71 elements, expected 72 (", Message(() => op.PackFilter(new float[71], packed)),
            StringComparison.Ordinal);
        Assert.StartsWith("Conv2D: input has 209 elements, expected 210 (",
            Message(() => op.Run(SerialScheduler.Instance, 2, new float[209], packed, [], new float[280], workspace)),
            StringComparison.Ordinal);
        Assert.StartsWith("Conv2D: bias has 3 elements, expected 4 (",
            Message(() => op.Run(SerialScheduler.Instance, 2, new float[210], packed, new float[3], new float[280], workspace)),
            StringComparison.Ordinal);
        Assert.StartsWith("Conv2D: output has 281 elements, expected 280 (",
            Message(() => op.Run(SerialScheduler.Instance, 2, new float[210], packed, [], new float[281], workspace)),
            StringComparison.Ordinal);
        Assert.StartsWith($"Conv2D: workspace has {workspace.Length - 1} bytes, needs {workspace.Length} (",
            Message(() => op.Run(SerialScheduler.Instance, 2, new float[210], packed, [], new float[280], workspace.AsSpan(1))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_length_of_a_data_gradient_is_refused_with_both_lengths()
    {
        var op = Conv2DOperator.Create(ConvolutionPass.BackwardData(s_geometry));
        var packed = new float[op.PackedFilterLength];
        var workspace = new byte[op.WorkspaceBytes(1)];
        Assert.StartsWith("Conv2DBackwardData: bias has 4 elements, expected 3 (",
            Message(() => op.Run(SerialScheduler.Instance, 2, new float[280], packed, new float[4], new float[210], workspace)),
            StringComparison.Ordinal);
        Assert.StartsWith("Conv2DBackwardData: residual has 209 elements, expected 210 (",
            Message(() => op.Run(SerialScheduler.Instance, 2, new float[280], packed, [], new float[210], workspace, new float[209])),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_batch_outside_the_geometry_is_refused(int n)
    {
        Conv2DBackwardFilter op = Conv2DBackwardFilter.Create(s_geometry);
        string message = Message(() => op.Run(SerialScheduler.Instance, n, new float[210], new float[280], new float[72], new float[4],
            new byte[op.WorkspaceBytes(1)]));
        Assert.StartsWith($"Conv2DBackwardFilter: batch is {n}, expected 1 to 2 (", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stride_far_beyond_the_image_costs_no_more_than_the_image()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 4, 3, 1), new FilterShape(1, 1, 1, 1), Padding.Valid, int.MaxValue, 1 << 30);
        var op = Conv2DOperator.Create(ConvolutionPass.BackwardData(g));
        var packed = new float[op.PackedFilterLength];
        op.PackFilter([2], packed);
        var dx = new float[12];
        Array.Fill(dx, float.NaN);
        op.Run(SerialScheduler.Instance, 1, [3], packed, [], dx, new byte[op.WorkspaceBytes(1)]);
        Assert.Equal([6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], dx);
        op.Run(SerialScheduler.Instance, 1, [3], packed, [5], dx, new byte[op.WorkspaceBytes(1)]);
        Assert.Equal([11, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], dx);
    }

    [Fact]
    public void A_depthwise_row_that_no_buffer_can_hold_is_refused()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 1, 1 << 20, 2), new FilterShape(1, 1, 1, 1 << 12), Padding.Valid, 1, 1 << 19,
            1, 1, 2);
        const string Expected =
            "Conv2D: a row of the image with its padding and 4096 channels has 2147487744 elements, more than one buffer can hold.";
        Assert.Equal(Expected, Message(() => Conv2DOperator.Create(ConvolutionPass.Forward(g))));
        Assert.Equal(Expected, Message(() => Conv2DBackwardFilter.Create(g)));
    }

    [Fact]
    public void A_window_far_beyond_the_image_pools_the_image()
    {
        Padding padding = Padding.Explicit((1 << 28) - 1, (1 << 28) - 1, 1 << 28, 1 << 28);
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 1, 2), 1 << 29, 1 << 29, 1, 1, padding);
        var y = new float[g.Output.ElementCount];
        AveragePool2DOperator.Create(g, countPadding: false).Run(SerialScheduler.Instance, 1, [5, 7], y);
        Assert.Equal([5, 7], y);
    }

    private static string Message(Action run) => Assert.Throws<ShapeException>(run).Message;
}
