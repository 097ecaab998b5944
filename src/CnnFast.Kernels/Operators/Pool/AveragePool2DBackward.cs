using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradient of an average pooling by its input: each window shares its gradient equally among the cells that it averaged.
/// Work is cut into bands of input rows, each of which gathers from all windows that reach into it. Immutable and
/// thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class AveragePool2DBackward
{
    private readonly PoolPlan _plan;
    private readonly PoolKernels _kernels;

    private AveragePool2DBackward(PoolPlan plan, PoolKernels kernels)
    {
        _plan = plan;
        _kernels = kernels;
    }

    /// <summary>Plans the pooling and chooses the kernel.</summary>
    /// <param name="geometry">The sizes; N is the largest batch.</param>
    /// <param name="countPadding">Whether the forward pass divided by all cells of a window rather than by those in the image.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static AveragePool2DBackward Create(Pool2DGeometry geometry, bool countPadding, IsaLevel? isa = null) =>
        Create(geometry, countPadding, PoolKernels.Choose(geometry.C, isa));

    /// <summary>Plans the pooling with kernels that the caller chose.</summary>
    public static AveragePool2DBackward Create(Pool2DGeometry geometry, bool countPadding, PoolKernels kernels) =>
        new(new PoolPlan(geometry, countPadding), kernels);

    /// <summary>From <c>dy [n, OH, OW, C]</c> to <c>dx [n, H, W, C]</c>, which is overwritten.</summary>
    /// <exception cref="ShapeException">n or a length does not fit the geometry.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> dy, Span<float> dx)
    {
        OperatorChecks.Batch("AveragePool2DBackward", n, _plan.Geometry.N, _plan.Geometry);
        OperatorChecks.Length("AveragePool2DBackward", "dy", dy.Length, (int)(n * _plan.OutputImage), _plan.Geometry);
        OperatorChecks.Length("AveragePool2DBackward", "dx", dx.Length, (int)(n * _plan.InputImage), _plan.Geometry);
        fixed (float* pdy = dy, pdx = dx)
            s.Run(n * _plan.BandsPerImage, _plan.Cost(n), new BandAction(_plan, _kernels.AverageBackward, pdy, pdx));
    }

    private readonly struct BandAction(PoolPlan plan, delegate*<float*, float*, PoolRun*, void> kernel, float* dy, float* dx)
        : IRangeAction, IPoolGradientVisitor
    {
        private readonly delegate*<float*, float*, PoolRun*, void> _kernel = kernel;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            (int image, int band) = Math.DivRem(index, plan.BandsPerImage);
            plan.WalkBand(band, new BandAction(plan, _kernel, _dy + (image * plan.OutputImage), _dx + (image * plan.InputImage)));
        }

        public void Visit(nint input, nint output, PoolRun* run) => _kernel(_dy + output, _dx + input, run);

        public void Clear(nint start, nint count) => new Span<float>(_dx + start, (int)count).Clear();
    }
}
