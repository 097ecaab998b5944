namespace CnnFast.Graphs;

/// <summary>A dimension of a result whose operands may be repeated.</summary>
/// <param name="Count">Its length.</param>
/// <param name="Result">Elements of the result from one place to the next.</param>
/// <param name="Own">The same of the gradient that is computed; 0 where the operand is repeated.</param>
/// <param name="A">The same of the first operand.</param>
/// <param name="B">The same of the second operand.</param>
internal readonly record struct BroadcastDimension(int Count, long Result, long Own, long A, long B)
{
    /// <summary>A place so many steps along the dimension.</summary>
    public BroadcastDimension Times(int steps) => new(0, Result * steps, Own * steps, A * steps, B * steps);

    /// <summary>Two places together.</summary>
    public BroadcastDimension Plus(BroadcastDimension other) =>
        new(0, Result + other.Result, Own + other.Own, A + other.A, B + other.B);

    /// <summary>Whether this dimension goes on where the next inner one ends.</summary>
    public bool Continues(BroadcastDimension inner) => Result == inner.Result * inner.Count && Own == inner.Own * inner.Count
        && A == inner.A * inner.Count && B == inner.B * inner.Count;
}
