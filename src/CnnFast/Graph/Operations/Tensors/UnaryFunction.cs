namespace CnnFast.Graphs;

/// <summary>
/// A function of one element that has no kernel, of float32 unless it says otherwise; those with kernels are <c>ElementFunctions</c>.
/// </summary>
internal enum UnaryFunction
{
    /// <summary>√x.</summary>
    SquareRoot,

    /// <summary>eˣ.</summary>
    Exponential,

    /// <summary>The natural logarithm.</summary>
    Logarithm,

    /// <summary>|x|, of any number.</summary>
    Absolute,

    /// <summary>−x, of any number.</summary>
    Negate,

    /// <summary>1 / x.</summary>
    Reciprocal,

    /// <summary>The next whole number below.</summary>
    Floor,

    /// <summary>The next whole number above.</summary>
    Ceiling,

    /// <summary>The nearest whole number, the even one of two.</summary>
    Round,

    /// <summary>−1, 0 or 1, of any number.</summary>
    Sign,

    /// <summary>Sine.</summary>
    Sine,

    /// <summary>Cosine.</summary>
    Cosine,

    /// <summary>Tangent.</summary>
    Tangent,

    /// <summary>Arcsine.</summary>
    ArcSine,

    /// <summary>Arccosine.</summary>
    ArcCosine,

    /// <summary>Arctangent.</summary>
    ArcTangent,

    /// <summary>Hyperbolic sine.</summary>
    HyperbolicSine,

    /// <summary>Hyperbolic cosine.</summary>
    HyperbolicCosine,

    /// <summary>Inverse hyperbolic sine.</summary>
    ArcHyperbolicSine,

    /// <summary>Inverse hyperbolic cosine.</summary>
    ArcHyperbolicCosine,

    /// <summary>Inverse hyperbolic tangent.</summary>
    ArcHyperbolicTangent,

    /// <summary>Beta·x where x &gt; 0, else Beta·Alpha·(eˣ − 1).</summary>
    SELU,

    /// <summary>max(0, x) + min(0, Alpha·(eˣᐟᴬˡᵖʰᵃ − 1)).</summary>
    CELU,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>x where x &gt; Alpha, else 0.</summary>
    ThresholdedReLU,

    /// <summary>x + Beta where x &lt; −Alpha, x − Beta where x &gt; Alpha, else 0.</summary>
    Shrink,

    /// <summary>Not x, of truth values.</summary>
    Not,

    /// <summary>Whether x is not a number; a truth value.</summary>
    IsNaN,

    /// <summary>
    /// Whether x is infinite: of either sign, where Alpha is not 0 the negative, where Beta is not 0 the positive ones; a truth value.
    /// </summary>
    IsInfinite,

    /// <summary>The nearest number of half precision, the even one of two; beyond 65,504 infinite.</summary>
    RoundToHalf,
}
