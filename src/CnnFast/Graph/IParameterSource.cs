namespace CnnFast.Graphs;

/// <summary>Where the values of a parameter are while nobody has asked to keep them, such as a file. Thread-safe.</summary>
internal interface IParameterSource
{
    /// <summary>Writes all values, in the order of the parameter's shape.</summary>
    void Read(Span<float> values);

    /// <summary>Whether some of the values are read without all others.</summary>
    bool ReadsParts { get; }

    /// <summary>
    /// Writes neighbouring indices of the last dimension of the values (of filters, the output channels of the convolution), in the
    /// order of the parameter's shape.
    /// </summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="values">Receives <paramref name="count"/> floats for all the indices of the other dimensions.</param>
    void Read(int first, int count, Span<float> values);

    /// <summary>The largest magnitude among the values; NaN where one is among them.</summary>
    float MaxMagnitude();
}
