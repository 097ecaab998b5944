namespace CnnFast;

/// <summary>A function applied to every element of a layer's output, fused into the operator that produces it.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>max(0, x); its derivative is 1 where x &gt; 0, else 0. A NaN stays a NaN.</summary>
    ReLU,

    /// <summary>min(max(0, x), 6); its derivative is 1 where 0 &lt; x &lt; 6, else 0 (Howard et al., "MobileNets", 2017).</summary>
    ReLU6,

    /// <summary>x · sigmoid(x), also called swish (Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units", 2018).</summary>
    SiLU,

    /// <summary>
    /// x · min(max(x + 3, 0), 6) / 6 (Howard et al., "Searching for MobileNetV3", 2019); its derivative is 0
    /// where x ≤ −3 and 1 where x ≥ 3.
    /// </summary>
    HardSwish,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent, (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).</summary>
    Tanh,

    /// <summary>
    /// x · Φ(x), Φ the normal distribution: x · (1 + erf(x / √2)) / 2 (Hendrycks, Gimpel, "Gaussian error linear units", 2016).
    /// </summary>
    GELU,

    /// <summary>The older form of <see cref="GELU"/>: x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2.</summary>
    GELUTanh,

    /// <summary>ln(1 + eˣ) (Dugas et al., "Incorporating second-order functional knowledge for better option pricing", 2001).</summary>
    Softplus,

    /// <summary>x · tanh(ln(1 + eˣ)) (Misra, "Mish: a self regularized non-monotonic activation function", 2019).</summary>
    Mish,
}
