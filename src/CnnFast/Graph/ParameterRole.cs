namespace CnnFast;

/// <summary>What a parameter is to its layer.</summary>
public enum ParameterRole
{
    /// <summary>Multiplies the input: filters of convolutions and dense layers. Weight decay applies.</summary>
    Filter,

    /// <summary>Is added to the output: biases, and the offsets of normalisations.</summary>
    Bias,

    /// <summary>Scales the channels of the output or of negative inputs.</summary>
    Scale,

    /// <summary>A moving average of means: training replaces it by that, no optimizer touches it.</summary>
    Mean,

    /// <summary>A moving average of variances: training replaces it by that, no optimizer touches it.</summary>
    Variance,
}
