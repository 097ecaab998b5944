using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>The mean of each window. Work is cut into bands of output rows. Immutable and thread-safe; Run allocates nothing.</summary>
internal sealed unsafe class AveragePool2DOperator
{
    private readonly PoolPlan _plan;
    private readonly PoolKernels _kernels;

    private AveragePool2DOperator(PoolPlan plan, PoolKernels kernels)
    {
        _plan = plan;
        _kernels = kernels;
    }

    /// <summary>Plans the pooling and chooses the kernel.</summary>
    /// <param name="geometry">The sizes; N is the largest batch.</param>
    /// <param name="countPadding">Whether a window that reaches over the padding divides by all its cells rather than by those in the image.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static AveragePool2DOperator Create(Pool2DGeometry geometry, bool countPadding, IsaLevel? isa = null) => Create(geometry, countPadding, PoolKernels.Choose(geometry.C, isa));

    /// <summary>Plans the pooling with kernels that the caller chose.</summary>
    public static AveragePool2DOperator Create(Pool2DGeometry geometry, bool countPadding, PoolKernels kernels) => new(new PoolPlan(geometry, countPadding), kernels);

    /// <summary>Pools n images: <c>x [n, H, W, C]</c> to <c>y [n, OH, OW, C]</c>.</summary>
    /// <exception cref="ShapeException">n or a length does not fit the geometry.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, Span<float> y)
    {
        OperatorChecks.Batch("AveragePool2D", n, _plan.Geometry.N, _plan.Geometry);
        OperatorChecks.Length("AveragePool2D", "x", x.Length, (int)(n * _plan.InputImage), _plan.Geometry);
        OperatorChecks.Length("AveragePool2D", "y", y.Length, (int)(n * _plan.OutputImage), _plan.Geometry);
        fixed (float* px = x, py = y)
            s.Run(n * _plan.PartsPerImage, _plan.Cost(n), new PoolForwardAction(_plan, _kernels.AverageForward, px, py));
    }
}
