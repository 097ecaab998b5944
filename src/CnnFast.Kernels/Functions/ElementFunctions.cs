namespace CnnFast.Kernels;

/// <summary>
/// The functions of single elements, one line each. Kernels, epilogues, operations, model files, tests and benchmarks walk this list;
/// its order means nothing.
/// </summary>
internal static class ElementFunctions
{
    /// <summary>x &lt; 0 ? 0 : x.</summary>
    public static readonly ElementFunction ReLU = ElementFunction.Of<ReLUFunction>();

    /// <summary>min(max(x, 0), 6).</summary>
    public static readonly ElementFunction ReLU6 = ElementFunction.Of<ReLU6Function>();

    /// <summary>min(max(x, alpha), beta).</summary>
    public static readonly ElementFunction Clip = ElementFunction.Of<ClipFunction>();

    /// <summary>x &lt; 0 ? alpha·x : x.</summary>
    public static readonly ElementFunction LeakyReLU = ElementFunction.Of<LeakyReLUFunction>();

    /// <summary>max(x &lt; 0 ? alpha·x : x, beta).</summary>
    public static readonly ElementFunction FlooredLeakyReLU = ElementFunction.Of<FlooredLeakyReLUFunction>();

    /// <summary>x · sigmoid(x).</summary>
    public static readonly ElementFunction SiLU = ElementFunction.Of<SiLUFunction>();

    /// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
    public static readonly ElementFunction HardSwish = ElementFunction.Of<HardSwishFunction>();

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static readonly ElementFunction Sigmoid = ElementFunction.Of<SigmoidFunction>();

    /// <summary>min(max(alpha·x + beta, 0), 1).</summary>
    public static readonly ElementFunction HardSigmoid = ElementFunction.Of<HardSigmoidFunction>();

    /// <summary>tanh(x).</summary>
    public static readonly ElementFunction Tanh = ElementFunction.Of<TanhFunction>();

    /// <summary>erf(x).</summary>
    public static readonly ElementFunction ErrorFunction = ElementFunction.Of<ErrorFunction>();

    /// <summary>x · (1 + erf(x / √2)) / 2.</summary>
    public static readonly ElementFunction GELU = ElementFunction.Of<GELUFunction>();

    /// <summary>x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2.</summary>
    public static readonly ElementFunction GELUTanh = ElementFunction.Of<GELUTanhFunction>();

    /// <summary>x &lt; 0 ? alpha·(e^x − 1) : x.</summary>
    public static readonly ElementFunction ELU = ElementFunction.Of<ELUFunction>();

    /// <summary>ln(1 + e^x).</summary>
    public static readonly ElementFunction Softplus = ElementFunction.Of<SoftplusFunction>();

    /// <summary>x · tanh(ln(1 + e^x)).</summary>
    public static readonly ElementFunction Mish = ElementFunction.Of<MishFunction>();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ElementFunction> All { get; } =
    [
        ReLU,
        ReLU6,
        Clip,
        LeakyReLU,
        FlooredLeakyReLU,
        SiLU,
        HardSwish,
        Sigmoid,
        HardSigmoid,
        Tanh,
        ErrorFunction,
        GELU,
        GELUTanh,
        ELU,
        Softplus,
        Mish,
    ];

    /// <summary>The function that an option of layers means; null for the identity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such option.</exception>
    public static ElementFunction? Of(Activation activation)
    {
        if (activation == Activation.None)
            return null;
        foreach (ElementFunction function in All)
        {
            if (function.Activation == activation)
                return function;
        }

        throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no function for this activation.");
    }

    /// <summary>The function of a name; null where there is none.</summary>
    public static ElementFunction? Named(string name) => All.FirstOrDefault(function => function.Name == name);
}
