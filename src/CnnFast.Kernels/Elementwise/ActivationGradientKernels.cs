namespace CnnFast.Kernels;

/// <summary>
/// The gradients of the activations, one set a tier. Arguments: the result y (the argument x where <see cref="Epilogue.GradientNeedsInput"/>),
/// dy, dx (may be either of them), count, alpha, beta. That of ReLU is among <see cref="ElementwiseKernels"/>.
/// </summary>
internal sealed unsafe class ActivationGradientKernels : IKernelSet, ITierKernels<ActivationGradientKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<ActivationGradientKernels> All = Tiers.Build<ActivationGradientKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["ClipBackward", "LeakyReLUBackward", "SiLUBackward", "HardSwishBackward", "SigmoidBackward", "TanhBackward"];

    /// <summary>alpha &lt; y &lt; beta ? dy : 0.</summary>
    public required delegate*<float*, float*, float*, nint, float, float, void> Clip { get; init; }

    /// <summary>y &gt; 0 ? dy : alpha·dy.</summary>
    public required delegate*<float*, float*, float*, nint, float, float, void> LeakyReLU { get; init; }

    /// <summary>dy · s · (1 + x·(1 − s)) with s = sigmoid(x).</summary>
    public required delegate*<float*, float*, float*, nint, float, float, void> SiLU { get; init; }

    /// <summary>dy times 0 where x ≤ −3, 1 where x ≥ 3, else x/3 + 1/2.</summary>
    public required delegate*<float*, float*, float*, nint, float, float, void> HardSwish { get; init; }

    /// <summary>dy · y · (1 − y).</summary>
    public required delegate*<float*, float*, float*, nint, float, float, void> Sigmoid { get; init; }

    /// <summary>dy · (1 − y²).</summary>
    public required delegate*<float*, float*, float*, nint, float, float, void> Tanh { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static ActivationGradientKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Clip = &ElementwiseLoops<L, V, I>.Gradient<ClipGradient>,
            LeakyReLU = &ElementwiseLoops<L, V, I>.Gradient<LeakyReLUGradient>,
            SiLU = &ElementwiseLoops<L, V, I>.Gradient<SiLUGradient>,
            HardSwish = &ElementwiseLoops<L, V, I>.Gradient<HardSwishGradient>,
            Sigmoid = &ElementwiseLoops<L, V, I>.Gradient<SigmoidGradient>,
            Tanh = &ElementwiseLoops<L, V, I>.Gradient<TanhGradient>,
        };

    /// <summary>The kernel of a function; null where it has none here.</summary>
    public delegate*<float*, float*, float*, nint, float, float, void> For(EpilogueKind kind) => kind switch
    {
        EpilogueKind.Clip => Clip,
        EpilogueKind.LeakyReLU => LeakyReLU,
        EpilogueKind.SiLU => SiLU,
        EpilogueKind.HardSwish => HardSwish,
        EpilogueKind.Sigmoid => Sigmoid,
        EpilogueKind.Tanh => Tanh,
        _ => null,
    };
}
