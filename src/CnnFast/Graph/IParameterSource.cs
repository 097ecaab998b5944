namespace CnnFast.Graphs;

/// <summary>Where the values of a parameter are while nobody has asked to keep them, such as a file. Thread-safe.</summary>
internal interface IParameterSource
{
    /// <summary>Writes all values, in the order of the parameter's shape.</summary>
    void Read(Span<float> values);

    /// <summary>The largest magnitude among the values; NaN where one is among them.</summary>
    float MaxMagnitude();
}
