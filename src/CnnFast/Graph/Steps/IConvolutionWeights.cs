using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The filter and bias of a convolution while its constants are prepared.</summary>
internal interface IConvolutionWeights
{
    /// <summary>Some columns of the filter; valid until others are asked for.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many they are.</param>
    FilterColumns Columns(int first, int count);

    /// <summary>Writes the bias, after all columns were asked for.</summary>
    void WriteBias(Span<float> bias);
}
