namespace CnnFast.Kernels;

/// <summary>How one weight changes at a step of an optimizer. A structure whose fields are the numbers of the step.</summary>
internal interface IUpdateRule
{
    /// <summary>The name of the optimizer, such as <c>Adam</c>.</summary>
    static abstract string Name { get; }

    /// <summary>How many numbers are remembered of a weight from step to step: 0 to 3.</summary>
    static abstract int Remembered { get; }

    /// <summary>A vector of new weights.</summary>
    /// <param name="w">The weights.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="first">The first of what is remembered; updated.</param>
    /// <param name="second">The second; updated.</param>
    /// <param name="third">The third; updated.</param>
    V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}
