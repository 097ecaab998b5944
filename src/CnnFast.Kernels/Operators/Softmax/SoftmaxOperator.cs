using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Softmax over rows: each subtracts its maximum and sums to 1. Work is cut into blocks of rows. Immutable and
/// thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class SoftmaxOperator
{
    private readonly SoftmaxKernels _kernels;

    private SoftmaxOperator(SoftmaxKernels kernels) => _kernels = kernels;

    /// <summary>Chooses the kernel.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static SoftmaxOperator Create(IsaLevel? isa = null) => new(KernelSelection.Choose(SoftmaxKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static SoftmaxOperator Create(SoftmaxKernels kernels) => new(kernels);

    /// <summary>From <c>x [rows, classes]</c> to <c>y [rows, classes]</c>; y may be x.</summary>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public void Run(IWorkScheduler s, int rows, int classes, ReadOnlySpan<float> x, Span<float> y)
    {
        SoftmaxRows cut = SoftmaxRows.Create("Softmax", rows, classes);
        OperatorChecks.Length("Softmax", "x", x.Length, cut.Elements);
        OperatorChecks.Length("Softmax", "y", y.Length, cut.Elements);
        fixed (float* px = x, py = y)
            s.Run(cut.Parts, cut.Cost, new RowsAction(cut, _kernels.Softmax, px, py));
    }

    private readonly struct RowsAction(SoftmaxRows cut, delegate*<float*, float*, nint, nint, void> kernel, float* x, float* y)
        : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            nint start = cut.Start(index);
            _kernel(_x + start, _y + start, cut.Rows(index), cut.Classes);
        }
    }
}
