using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// The product, element by element, of two or more values of the same shape; or of images <c>[N, H, W, C]</c> and, second, factors
/// <c>[N, C]</c> or <c>[N, 1, 1, C]</c> that are the same for all pixels, as in a squeeze-and-excite block (Hu, Shen, Sun,
/// "Squeeze-and-excitation networks", 2018).
/// </summary>
public sealed class Multiply : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Multiply(string? name = null)
        : base(new MultiplyOperation(), name)
    {
    }
}
