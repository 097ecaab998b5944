using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// In training, sets each element to zero with probability <c>rate</c> and divides the others by 1 − rate; in inference it does nothing and
/// costs nothing. Which elements are dropped depends on the seed of the training alone.
/// </summary>
public sealed class Dropout : Layer
{
    /// <summary>Describes a dropout.</summary>
    /// <param name="rate">The probability that an element is dropped: at least 0, below 1.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The rate is out of its range, or the name is not allowed.</exception>
    public Dropout(float rate, string? name = null)
        : base(new DropoutOperation(rate), name)
    {
    }
}
