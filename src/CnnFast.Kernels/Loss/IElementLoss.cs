namespace CnnFast.Kernels;

/// <summary>A loss that is a sum over elements: of an output x and its target, in the operations of any tier. Its fields are its
/// options.</summary>
internal interface IElementLoss
{
    /// <summary>The name, such as <c>SquaredError</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The losses of a vector of elements.</summary>
    /// <param name="x">The outputs.</param>
    /// <param name="target">Their targets.</param>
    /// <param name="positiveWeight">How much the positive part of a target counts.</param>
    /// <param name="gradient">The derivatives by x.</param>
    V Invoke<L, V, I>(V x, V target, V positiveWeight, out V gradient)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}
