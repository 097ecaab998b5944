namespace CnnFast.Kernels;

/// <summary>The kernel of one optimizer on one tier.</summary>
/// <param name="name">The name of the optimizer.</param>
/// <param name="run">Weights, gradient, first to third of what is remembered, count, the numbers of the step.</param>
internal readonly unsafe struct UpdateKernel(string name, delegate*<float*, float*, float*, float*, float*, nint, void*, void> run)
{
    private readonly delegate*<float*, float*, float*, float*, float*, nint, void*, void> _run = run;

    /// <summary>The name of the optimizer.</summary>
    public string Name => name;

    /// <summary>Weights, gradient, first to third of what is remembered, count, the numbers of the step.</summary>
    public delegate*<float*, float*, float*, float*, float*, nint, void*, void> Run => _run;

    /// <summary>The kernel of a rule on the lanes of a tier.</summary>
    public static UpdateKernel Of<TRule, L, V, I>()
        where TRule : unmanaged, IUpdateRule
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        new(TRule.Name, (delegate*<float*, float*, float*, float*, float*, nint, void*, void>)
            (delegate*<float*, float*, float*, float*, float*, nint, TRule*, void>)&OptimizerLoops<L, V, I>.Update<TRule>);
}
