namespace CnnFast.Kernels;

/// <summary>The kernel of one loss on one tier.</summary>
/// <param name="name">The name of the loss.</param>
/// <param name="run">What <see cref="Run"/> is.</param>
internal readonly unsafe struct LossKernel(string name, delegate*<LossElements*, nint, void*, float> run)
{
    private readonly delegate*<LossElements*, nint, void*, float> _run = run;

    /// <summary>The name of the loss.</summary>
    public string Name => name;

    /// <summary>Elements, how many, the options of the loss; returns the sum of the losses.</summary>
    public delegate*<LossElements*, nint, void*, float> Run => _run;

    /// <summary>The kernel of a loss on the lanes of a tier.</summary>
    public static LossKernel Of<TLoss, L, V, I>()
        where TLoss : unmanaged, IElementLoss
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(TLoss.Name, (delegate*<LossElements*, nint, void*, float>)
            (delegate*<LossElements*, nint, TLoss*, float>)&LossLoops<L, V, I>.Run<TLoss>);
}
