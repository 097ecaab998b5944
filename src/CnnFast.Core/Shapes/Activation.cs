namespace CnnFast;

/// <summary>A function applied to every element of a layer's output, fused into the operator that produces it.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>max(0, x); its derivative is 1 where x &gt; 0, else 0. A NaN stays a NaN.</summary>
    ReLU,
}
