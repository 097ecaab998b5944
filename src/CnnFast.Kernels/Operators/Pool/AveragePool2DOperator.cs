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
    /// <param name="countPadding">Whether a window that reaches over the padding divides by all its cells rather than
    /// by those in the image.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <param name="inputPitch">Floats from a pixel of the input to the next; 0 means its channels.</param>
    /// <param name="outputPitch">Floats from a pixel of the output to the next; what lies between their channels is left
    /// alone. 0 means its channels.</param>
    public static AveragePool2DOperator Create(Pool2DGeometry geometry, bool countPadding, IsaLevel? isa = null, int inputPitch = 0,
        int outputPitch = 0) =>
        Create(geometry, countPadding, PoolKernels.Choose(geometry.C, isa), inputPitch, outputPitch);

    /// <summary>Plans the pooling with kernels that the caller chose.</summary>
    public static AveragePool2DOperator Create(Pool2DGeometry geometry, bool countPadding, PoolKernels kernels, int inputPitch = 0,
        int outputPitch = 0)
    {
        OperatorChecks.Pitches("AveragePool2D", geometry, inputPitch, outputPitch);
        return new AveragePool2DOperator(new PoolPlan(geometry, countPadding, inputPitch, outputPitch), kernels);
    }

    /// <summary>
    /// Pools n images: <c>x [n, H, W, C]</c> to <c>y [n, OH, OW, C]</c>, both from the first pixel's first
    /// channel to the last pixel's last.
    /// </summary>
    /// <exception cref="ShapeException">n or a length does not fit the geometry.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, Span<float> y)
    {
        OperatorChecks.Batch("AveragePool2D", n, _plan.Geometry.N, _plan.Geometry);
        OperatorChecks.Length("AveragePool2D", "x", x.Length, (int)_plan.InputLength(n), _plan.Geometry);
        OperatorChecks.Length("AveragePool2D", "y", y.Length, (int)_plan.OutputLength(n), _plan.Geometry);
        fixed (float* px = x, py = y)
            s.Run(n * _plan.PartsPerImage, _plan.Cost(n), new PoolForwardAction(_plan, _kernels.AverageForward, px, py));
    }
}
