using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradient of a maximum pooling by its input: each window's goes to its first maximum (or first NaN), found again from x and y.
/// Work is cut into bands of input rows, each of which gathers from all windows that reach into it. Immutable and
/// thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class MaxPool2DBackward
{
    private readonly PoolPlan _plan;
    private readonly PoolKernels _kernels;

    private MaxPool2DBackward(PoolPlan plan, PoolKernels kernels)
    {
        _plan = plan;
        _kernels = kernels;
    }

    /// <summary>Plans the pooling and chooses the kernel.</summary>
    /// <param name="geometry">The sizes; N is the largest batch.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static MaxPool2DBackward Create(Pool2DGeometry geometry, IsaLevel? isa = null) =>
        Create(geometry, PoolKernels.Choose(geometry.C, isa));

    /// <summary>Plans the pooling with kernels that the caller chose.</summary>
    public static MaxPool2DBackward Create(Pool2DGeometry geometry, PoolKernels kernels) => new(new PoolPlan(geometry, false), kernels);

    /// <summary>
    /// From <c>x</c>, <c>y</c> of the forward pass and <c>dy [n, OH, OW, C]</c> to <c>dx [n, H, W, C]</c>, which is overwritten.
    /// </summary>
    /// <exception cref="ShapeException">n or a length does not fit the geometry.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        OperatorChecks.Batch("MaxPool2DBackward", n, _plan.Geometry.N, _plan.Geometry);
        OperatorChecks.Length("MaxPool2DBackward", "x", x.Length, (int)(n * _plan.InputImage), _plan.Geometry);
        OperatorChecks.Length("MaxPool2DBackward", "y", y.Length, (int)(n * _plan.OutputImage), _plan.Geometry);
        OperatorChecks.Length("MaxPool2DBackward", "dy", dy.Length, (int)(n * _plan.OutputImage), _plan.Geometry);
        OperatorChecks.Length("MaxPool2DBackward", "dx", dx.Length, (int)(n * _plan.InputImage), _plan.Geometry);
        fixed (float* px = x, py = y, pdy = dy, pdx = dx)
            s.Run(n * _plan.BandsPerImage, 2 * _plan.Cost(n), new BandAction(_plan, _kernels.MaxBackward, px, py, pdy, pdx));
    }

    private readonly struct BandAction(PoolPlan plan, delegate*<float*, float*, float*, float*, PoolRun*, void> kernel, float* x, float* y,
        float* dy, float* dx) : IRangeAction, IPoolGradientVisitor
    {
        private readonly delegate*<float*, float*, float*, float*, PoolRun*, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            (int image, int band) = Math.DivRem(index, plan.BandsPerImage);
            nint input = image * plan.InputImage;
            nint output = image * plan.OutputImage;
            plan.WalkBand(band, new BandAction(plan, _kernel, _x + input, _y + output, _dy + output, _dx + input));
        }

        public void Visit(nint input, nint output, PoolRun* run) => _kernel(_x + input, _y + output, _dy + output, _dx + input, run);

        public void Clear(nint start, nint count) => new Span<float>(_dx + start, (int)count).Clear();
    }
}
