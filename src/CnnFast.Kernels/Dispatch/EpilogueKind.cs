namespace CnnFast.Kernels;

/// <summary>The function that an operator applies to its sums.</summary>
internal enum EpilogueKind
{
    /// <summary>x.</summary>
    None,

    /// <summary>x &lt; 0 ? 0 : x.</summary>
    ReLU,

    /// <summary>min(max(x, 0), 6).</summary>
    ReLU6,

    /// <summary>min(max(x, Alpha), Beta).</summary>
    Clip,

    /// <summary>x &lt; 0 ? Alpha·x : x.</summary>
    LeakyReLU,

    /// <summary>x · sigmoid(x).</summary>
    SiLU,

    /// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
    HardSwish,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>max(x &lt; 0 ? Alpha·x : x, Beta).</summary>
    FlooredLeakyReLU,

    /// <summary>min(max(Alpha·x + Beta, 0), 1).</summary>
    HardSigmoid,

    /// <summary>erf(x).</summary>
    ErrorFunction,

    /// <summary>x · (1 + erf(x / √2)) / 2.</summary>
    GELU,

    /// <summary>x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2.</summary>
    GELUTanh,
}
