using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// In training, sets whole channels, the last dimension, of each sample to zero with probability <c>rate</c> and divides the others by
/// 1 − rate (Tompson et al. 2015), of any shape <c>[N, …, C]</c>: neighbouring pixels are alike, so that dropping single ones takes little
/// away. In inference it does nothing and costs nothing. Which channels are dropped depends on the seed of the training alone.
/// </summary>
public sealed class SpatialDropout : Layer
{
    /// <summary>Describes a dropout of channels.</summary>
    /// <param name="rate">The probability that a channel is dropped: at least 0, below 1.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The rate is out of its range, or the name is not allowed.</exception>
    public SpatialDropout(float rate, string? name = null)
        : base(new SpatialDropoutOperation(rate), name)
    {
    }
}
