using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The first maximum of each window; a NaN in a window is its result. Work is cut into bands of output rows. Immutable and
/// thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class MaxPool2DOperator
{
    private readonly PoolPlan _plan;
    private readonly PoolKernels _kernels;

    private MaxPool2DOperator(PoolPlan plan, PoolKernels kernels)
    {
        _plan = plan;
        _kernels = kernels;
    }

    /// <summary>Plans the pooling and chooses the kernel.</summary>
    /// <param name="geometry">The sizes; N is the largest batch.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <param name="inputPitch">Floats from a pixel of the input to the next; 0 means its channels.</param>
    /// <param name="outputPitch">Floats from a pixel of the output to the next; what lies between their channels is left
    /// alone. 0 means its channels.</param>
    public static MaxPool2DOperator Create(Pool2DGeometry geometry, IsaLevel? isa = null, int inputPitch = 0, int outputPitch = 0) =>
        Create(geometry, PoolKernels.Choose(geometry.C, isa), inputPitch, outputPitch);

    /// <summary>Plans the pooling with kernels that the caller chose.</summary>
    public static MaxPool2DOperator Create(Pool2DGeometry geometry, PoolKernels kernels, int inputPitch = 0, int outputPitch = 0)
    {
        OperatorChecks.Pitches("MaxPool2D", geometry, inputPitch, outputPitch);
        return new MaxPool2DOperator(new PoolPlan(geometry, false, inputPitch, outputPitch), kernels);
    }

    /// <summary>
    /// Pools n images: <c>x [n, H, W, C]</c> to <c>y [n, OH, OW, C]</c>, both from the first pixel's first
    /// channel to the last pixel's last.
    /// </summary>
    /// <exception cref="ShapeException">n or a length does not fit the geometry.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, Span<float> y)
    {
        OperatorChecks.Batch("MaxPool2D", n, _plan.Geometry.N, _plan.Geometry);
        OperatorChecks.Length("MaxPool2D", "x", x.Length, (int)_plan.InputLength(n), _plan.Geometry);
        OperatorChecks.Length("MaxPool2D", "y", y.Length, (int)_plan.OutputLength(n), _plan.Geometry);
        fixed (float* px = x, py = y)
            s.Run(n * _plan.PartsPerImage, _plan.Cost(n), new PoolForwardAction(_plan, _kernels.MaxForward, px, py));
    }
}
