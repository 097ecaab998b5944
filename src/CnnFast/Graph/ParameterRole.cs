namespace CnnFast.Graphs;

/// <summary>What a parameter is to its layer.</summary>
internal enum ParameterRole
{
    /// <summary>Multiplies the input; weight decay applies.</summary>
    Filter,

    /// <summary>Is added to the output.</summary>
    Bias,

    /// <summary>Scales the channels of the output.</summary>
    Scale,

    /// <summary>A moving average of means: training replaces it by that, no optimizer touches it.</summary>
    Mean,

    /// <summary>A moving average of variances: training replaces it by that, no optimizer touches it.</summary>
    Variance,
}
