namespace CnnFast.Graphs;

/// <summary>What a parameter is to its layer.</summary>
internal enum ParameterRole
{
    /// <summary>Multiplies the input; weight decay applies.</summary>
    Filter,

    /// <summary>Is added to the output.</summary>
    Bias,
}
