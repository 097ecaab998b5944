namespace CnnFast.Kernels;

/// <summary>The kernel of one loss on one tier.</summary>
/// <param name="name">The name of the loss.</param>
/// <param name="run">What <see cref="Run"/> is.</param>
internal readonly unsafe struct LossKernel(string name, delegate*<float*, float*, float*, float*, nint, float, float> run)
{
    private readonly delegate*<float*, float*, float*, float*, nint, float, float> _run = run;

    /// <summary>The name of the loss.</summary>
    public string Name => name;

    /// <summary>
    /// Outputs, targets, predictions or null, gradient or null, count, factor of the gradient; returns the sum of the losses.
    /// </summary>
    public delegate*<float*, float*, float*, float*, nint, float, float> Run => _run;

    /// <summary>The kernel of a loss on the lanes of a tier.</summary>
    public static LossKernel Of<TLoss, L, V, I>()
        where TLoss : struct, IElementLoss
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(TLoss.Name, &LossLoops<L, V, I>.Run<TLoss>);
}
