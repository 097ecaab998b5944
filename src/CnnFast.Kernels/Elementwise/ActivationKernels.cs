namespace CnnFast.Kernels;

/// <summary>The activations that operators do not run in registers, one set a tier. Arguments: x, y (may be x), count, alpha, beta.</summary>
internal sealed unsafe class ActivationKernels : IKernelSet, ITierKernels<ActivationKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<ActivationKernels> All = Tiers.Build<ActivationKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["Clip", "LeakyReLU", "SiLU", "HardSwish", "Sigmoid", "Tanh", "FlooredLeakyReLU", "HardSigmoid", "ErrorFunction", "GELU", "GELUTanh"];

    /// <summary>min(max(x, alpha), beta).</summary>
    public required delegate*<float*, float*, nint, float, float, void> Clip { get; init; }

    /// <summary>x &lt; 0 ? alpha·x : x.</summary>
    public required delegate*<float*, float*, nint, float, float, void> LeakyReLU { get; init; }

    /// <summary>x · sigmoid(x).</summary>
    public required delegate*<float*, float*, nint, float, float, void> SiLU { get; init; }

    /// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
    public required delegate*<float*, float*, nint, float, float, void> HardSwish { get; init; }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public required delegate*<float*, float*, nint, float, float, void> Sigmoid { get; init; }

    /// <summary>tanh(x).</summary>
    public required delegate*<float*, float*, nint, float, float, void> Tanh { get; init; }

    /// <summary>max(x &lt; 0 ? alpha·x : x, beta).</summary>
    public required delegate*<float*, float*, nint, float, float, void> FlooredLeakyReLU { get; init; }

    /// <summary>min(max(alpha·x + beta, 0), 1).</summary>
    public required delegate*<float*, float*, nint, float, float, void> HardSigmoid { get; init; }

    /// <summary>erf(x).</summary>
    public required delegate*<float*, float*, nint, float, float, void> ErrorFunction { get; init; }

    /// <summary>x · (1 + erf(x / √2)) / 2.</summary>
    public required delegate*<float*, float*, nint, float, float, void> GELU { get; init; }

    /// <summary>x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2.</summary>
    public required delegate*<float*, float*, nint, float, float, void> GELUTanh { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static ActivationKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Clip = &ElementwiseLoops<L, V, I>.Activate<ClipOperation>,
            LeakyReLU = &ElementwiseLoops<L, V, I>.Activate<LeakyReLUOperation>,
            SiLU = &ElementwiseLoops<L, V, I>.Activate<SiLUOperation>,
            HardSwish = &ElementwiseLoops<L, V, I>.Activate<HardSwishOperation>,
            Sigmoid = &ElementwiseLoops<L, V, I>.Activate<SigmoidOperation>,
            Tanh = &ElementwiseLoops<L, V, I>.Activate<TanhOperation>,
            FlooredLeakyReLU = &ElementwiseLoops<L, V, I>.Activate<FlooredLeakyReLUOperation>,
            HardSigmoid = &ElementwiseLoops<L, V, I>.Activate<HardSigmoidOperation>,
            ErrorFunction = &ElementwiseLoops<L, V, I>.Activate<ErrorFunctionOperation>,
            GELU = &ElementwiseLoops<L, V, I>.Activate<GELUOperation>,
            GELUTanh = &ElementwiseLoops<L, V, I>.Activate<GELUTanhOperation>,
        };

    /// <summary>The kernel for what an operator has left of its epilogue; null when nothing.</summary>
    public delegate*<float*, float*, nint, float, float, void> For(Epilogue epilogue) => epilogue.Kind switch
    {
        EpilogueKind.Clip => Clip,
        EpilogueKind.LeakyReLU => LeakyReLU,
        EpilogueKind.SiLU => SiLU,
        EpilogueKind.HardSwish => HardSwish,
        EpilogueKind.Sigmoid => Sigmoid,
        EpilogueKind.Tanh => Tanh,
        EpilogueKind.FlooredLeakyReLU => FlooredLeakyReLU,
        EpilogueKind.HardSigmoid => HardSigmoid,
        EpilogueKind.ErrorFunction => ErrorFunction,
        EpilogueKind.GELU => GELU,
        EpilogueKind.GELUTanh => GELUTanh,
        _ => null,
    };
}
