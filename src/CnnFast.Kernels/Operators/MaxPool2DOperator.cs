using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>The first maximum of each window; a NaN in a window is its result. Work is cut into bands of output rows. Immutable and thread-safe; Run allocates nothing.</summary>
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
    public static MaxPool2DOperator Create(Pool2DGeometry geometry, IsaLevel? isa = null) => Create(geometry, PoolKernels.Choose(geometry.C, isa));

    /// <summary>Plans the pooling with kernels that the caller chose.</summary>
    public static MaxPool2DOperator Create(Pool2DGeometry geometry, PoolKernels kernels) => new(new PoolPlan(geometry, false), kernels);

    /// <summary>Pools n images: <c>x [n, H, W, C]</c> to <c>y [n, OH, OW, C]</c>.</summary>
    /// <exception cref="ShapeException">n or a length does not fit the geometry.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, Span<float> y)
    {
        OperatorChecks.Batch("MaxPool2D", n, _plan.Geometry.N, _plan.Geometry);
        OperatorChecks.Length("MaxPool2D", "x", x.Length, (int)(n * _plan.InputImage), _plan.Geometry);
        OperatorChecks.Length("MaxPool2D", "y", y.Length, (int)(n * _plan.OutputImage), _plan.Geometry);
        fixed (float* px = x, py = y)
            s.Run(n * _plan.PartsPerImage, _plan.Cost(n), new PoolForwardAction(_plan, _kernels.MaxForward, px, py));
    }
}
