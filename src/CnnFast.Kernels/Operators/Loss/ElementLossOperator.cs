using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// A loss that is a sum over elements. It is summed in float within blocks of a fixed number of elements, then in double over the blocks in
/// order, so its bits do not depend on threads. Immutable and thread-safe; Run allocates nothing.
/// </summary>
/// <typeparam name="TLoss">The loss.</typeparam>
internal sealed unsafe class ElementLossOperator<TLoss>
    where TLoss : struct, IElementLoss
{
    private const int MaxParts = 256;
    private const int MinBlock = 4096;

    // An exponential, a logarithm and three divisions at most.
    private const long CostPerElement = 48;

    private readonly LossKernel _kernel;

    private ElementLossOperator(LossKernels kernels) => _kernel = kernels.For<TLoss>();

    /// <summary>That of the best tier, chosen when it is first asked for.</summary>
    public static ElementLossOperator<TLoss> Default => field ??= Create();

    /// <summary>Chooses the kernel.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ElementLossOperator<TLoss> Create(IsaLevel? isa = null) => new(KernelSelection.Choose(LossKernels.All, isa));

    /// <summary>Uses a kernel that the caller chose.</summary>
    public static ElementLossOperator<TLoss> Create(LossKernels kernels) => new(kernels);

    /// <summary>The losses of outputs.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="x">The outputs.</param>
    /// <param name="targets">As many targets.</param>
    /// <param name="predictions">Receives as many predictions; empty means that they are not wanted.</param>
    /// <param name="dx">Receives the gradient, times the factor; empty means that it is not wanted.</param>
    /// <param name="scale">The factor of the gradient.</param>
    /// <returns>The sum of the losses.</returns>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public double Run(
        IWorkScheduler s,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> targets,
        Span<float> predictions,
        Span<float> dx,
        float scale)
    {
        OperatorChecks.Length(TLoss.Name, "targets", targets.Length, x.Length);
        if (!predictions.IsEmpty)
            OperatorChecks.Length(TLoss.Name, "predictions", predictions.Length, x.Length);
        if (!dx.IsEmpty)
            OperatorChecks.Length(TLoss.Name, "dx", dx.Length, x.Length);
        int block = Math.Max(MinBlock, (int)(((long)x.Length + MaxParts - 1) / MaxParts));
        int parts = (int)(((long)x.Length + block - 1) / block);
        float* losses = stackalloc float[MaxParts];
        fixed (float* px = x, pt = targets, pp = predictions, pdx = dx)
            s.Run(parts, x.Length * CostPerElement, new BlockAction(_kernel, px, pt, pp, pdx, x.Length, block, scale, losses));
        double total = 0;
        for (int part = 0; part < parts; part++)
            total += losses[part];
        return total;
    }

    private readonly struct BlockAction(
        LossKernel kernel,
        float* x,
        float* targets,
        float* predictions,
        float* dx,
        int length,
        int block,
        float scale,
        float* losses) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _targets = targets;
        private readonly float* _predictions = predictions;
        private readonly float* _dx = dx;
        private readonly float* _losses = losses;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * block;
            _losses[index] = kernel.Run(
                _x + start,
                _targets + start,
                _predictions is null ? null : _predictions + start,
                _dx is null ? null : _dx + start,
                Math.Min(block, length - start),
                scale);
        }
    }
}
