namespace CnnFast;

/// <summary>How exact the packed weights of dense layers are. Inputs, sums and outputs are floats in any case.</summary>
public enum WeightPrecision
{
    /// <summary>Floats, as the model has them.</summary>
    Full,

    /// <summary>
    /// bfloat16: the sign, the exponent and 7 bits of the fraction, rounded to nearest even. Half the memory; on few samples, where reading
    /// the weights bounds a dense layer, up to twice the speed. An output of such a layer changes by at most 2⁻⁸ · Σ|x·w|.
    /// </summary>
    BFloat16,
}
