using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>The values of each sample under another shape of as many elements, in the same order. Costs nothing.</summary>
public sealed class Reshape : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="targetShape">The shape of a sample, without the batch, such as <c>[4, 4, 8]</c>; one dimension may be −1, which takes
    /// what the others leave.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public Reshape(ReadOnlySpan<int> targetShape, string? name = null)
        : base(new ReshapeOperation(targetShape.ToArray()), name)
    {
    }
}
