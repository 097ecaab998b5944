namespace CnnFast.Graphs;

/// <summary>
/// An operation that in inference is y = scale·x + shift with numbers of each channel (last dimension), such as batch normalisation.
/// </summary>
internal interface IChannelAffine
{
    /// <summary>Writes scale and shift of every channel.</summary>
    /// <param name="parameters">The node's parameters.</param>
    /// <param name="scale">One a channel.</param>
    /// <param name="shift">One a channel.</param>
    void ScaleAndShift(ParameterValues parameters, Span<double> scale, Span<double> shift);
}
