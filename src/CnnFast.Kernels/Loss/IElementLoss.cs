namespace CnnFast.Kernels;

/// <summary>A loss that is a sum over elements: of an output x and its target, in the operations of any tier.</summary>
internal interface IElementLoss
{
    /// <summary>The name, such as <c>SquaredError</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The losses of a vector of elements.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="target">Their targets.</param>
    /// <param name="gradient">The derivatives by x.</param>
    /// <param name="prediction">What the model predicts: x, or where x is a logit the function of it.</param>
    static abstract V Invoke<L, V, I>(V x, V target, out V gradient, out V prediction)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}
