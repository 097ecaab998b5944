using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Layers;

/// <summary>
/// x where x is at least 0, else alpha·(eˣ − 1), of every element, any shape (Clevert, Unterthiner, Hochreiter, "Fast and accurate deep
/// network learning by exponential linear units", 2016).
/// Its derivative at 0 is alpha.
/// </summary>
public sealed class ELU : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="alpha">The result is above −alpha: finite, at least 0; 1 when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">Alpha is out of its range, or the name is not allowed.</exception>
    public ELU(float alpha = 1, string? name = null)
        : base(new FunctionOperation(ElementFunctions.ELU, alpha), name)
    {
    }
}
