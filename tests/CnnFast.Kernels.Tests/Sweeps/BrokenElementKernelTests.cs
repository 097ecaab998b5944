using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// The checkers checked: activation gradients, products and resizing that are wrong on purpose must be caught by their sweeps.
/// </summary>
public sealed unsafe class BrokenElementKernelTests
{
    private static readonly FunctionKernel s_silu = FunctionKernels.All.First(s => s.Isa == IsaLevel.Scalar).For(ElementFunctions.SiLU);
    private static readonly PReLUKernels s_prelu = PReLUKernels.All.First(s => s.Isa == IsaLevel.Scalar);
    private static readonly BroadcastKernels s_broadcast = BroadcastKernels.All.First(s => s.Isa == IsaLevel.Scalar);
    private static readonly ResizeKernels s_resize = ResizeKernels.All.First(s => s.Isa == IsaLevel.Scalar);

    [Fact]
    public void A_tanh_that_loses_small_results_is_caught() =>
        AssertCaught("Tanh", new ActivationSweep([new ChangedKernels(ElementFunctions.Tanh, forward: &TanhBySigmoid)]));

    [Fact]
    public void A_gradient_of_hard_swish_that_is_not_1_at_3_is_caught() => AssertCaught("HardSwishBackward",
        new ActivationGradientSweep([new ChangedKernels(ElementFunctions.HardSwish, gradient: &PassMiddle)]));

    [Fact]
    public void A_gradient_that_drops_its_tail_is_caught() =>
        AssertCaught("SiLUBackward", new ActivationGradientSweep([new ChangedKernels(ElementFunctions.SiLU, gradient: &DropTail)]));

    [Fact]
    public void A_product_that_uses_the_factors_of_the_first_column_is_caught() =>
        AssertCaught("MultiplyRows", new BroadcastSweep(
            [new BroadcastKernels { Isa = IsaLevel.Scalar, MultiplyRows = &FirstFactor, ColumnDot = s_broadcast.ColumnDot }]));

    [Fact]
    public void A_dropped_row_of_a_dot_product_is_caught() =>
        AssertCaught("ColumnDot", new BroadcastSweep(
            [new BroadcastKernels { Isa = IsaLevel.Scalar, MultiplyRows = s_broadcast.MultiplyRows, ColumnDot = &DropRow }]));

    [Fact]
    public void A_slope_of_the_first_column_is_caught() => AssertCaught("PReLU", new PReLUSweep([new PReLUKernels
    {
        Isa = IsaLevel.Scalar,
        Forward = &FirstSlope,
        Backward = s_prelu.Backward,
        SlopeSums = s_prelu.SlopeSums,
    }]));

    [Fact]
    public void A_resize_that_forgets_its_last_channel_is_caught() =>
        AssertCaught("WeightedSum", new ResizeSweep([new ResizeKernels { Isa = IsaLevel.Scalar, WeightedSum = &ForgetChannel }]));

    private static void AssertCaught(string operation, IKernelSweep sweep)
    {
        foreach (KernelReport report in sweep.Run(SweepDepth.Quick, TestContext.Current.CancellationToken))
        {
            bool isBroken = report.Kernel == $"F32{operation}Scalar";
            Assert.True(report.Holds != isBroken, isBroken ? $"the sweep passed a broken {operation}" : report.ToString());
        }
    }

    private static void TanhBySigmoid(float* x, float* y, nint count, float alpha, float beta)
    {
        for (nint i = 0; i < count; i++)
            y[i] = (2f / (1f + MathF.Exp(-2f * x[i]))) - 1f;
    }

    private static void PassMiddle(float* x, float* dy, float* dx, nint count, float alpha, float beta)
    {
        for (nint i = 0; i < count; i++)
            dx[i] = dy[i] * (x[i] <= -3f ? 0f : x[i] > 3f ? 1f : (x[i] / 3f) + 0.5f);
    }

    private static void DropTail(float* x, float* dy, float* dx, nint count, float alpha, float beta) =>
        s_silu.Gradient(x, dy, dx, count / 8 * 8, alpha, beta);

    private static void FirstFactor(float* x, float* factors, float* y, nint rows, nint columns)
    {
        for (nint i = 0; i < rows * columns; i++)
            y[i] = x[i] * factors[0];
    }

    private static void FirstSlope(float* x, float* slopes, float* y, nint rows, nint columns)
    {
        for (nint i = 0; i < rows * columns; i++)
            y[i] = x[i] < 0f ? x[i] * slopes[0] : x[i];
    }

    private static void DropRow(float* a, float* b, float* y, nint rows, nint columns) =>
        s_broadcast.ColumnDot(a, b, y, Math.Max(1, rows - 1), columns);

    private static void ForgetChannel(float* x, float* y, ResizeTap* taps, int* begins, nint outputs, nint length)
    {
        s_resize.WeightedSum(x, y, taps, begins, outputs, length);
        for (nint o = 0; o < outputs; o++)
            y[(o * length) + length - 1] = 0f;
    }
}
