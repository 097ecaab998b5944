using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradient of softmax by its input: dx = y·(dy − Σ y·dy) for each row. Work is cut into blocks of rows. Immutable and
/// thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class SoftmaxBackward
{
    private readonly SoftmaxKernels _kernels;

    private SoftmaxBackward(SoftmaxKernels kernels) => _kernels = kernels;

    /// <summary>Chooses the kernel.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static SoftmaxBackward Create(IsaLevel? isa = null) => new(KernelSelection.Choose(SoftmaxKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static SoftmaxBackward Create(SoftmaxKernels kernels) => new(kernels);

    /// <summary>From the forward's <c>y [rows, classes]</c> and <c>dy</c> to <c>dx</c>, which may be dy.</summary>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public void Run(IWorkScheduler s, int rows, int classes, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        SoftmaxRows cut = SoftmaxRows.Create("SoftmaxBackward", rows, classes);
        OperatorChecks.Length("SoftmaxBackward", "y", y.Length, cut.Elements);
        OperatorChecks.Length("SoftmaxBackward", "dy", dy.Length, cut.Elements);
        OperatorChecks.Length("SoftmaxBackward", "dx", dx.Length, cut.Elements);
        fixed (float* py = y, pdy = dy, pdx = dx)
            s.Run(cut.Parts, cut.Cost, new RowsAction(cut, _kernels.SoftmaxBackward, py, pdy, pdx));
    }

    private readonly struct RowsAction(SoftmaxRows cut, delegate*<float*, float*, float*, nint, nint, void> kernel, float* y, float* dy,
        float* dx) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _y = y;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            nint start = cut.Start(index);
            _kernel(_y + start, _dy + start, _dx + start, cut.Rows(index), cut.Classes);
        }
    }
}
