namespace CnnFast.Kernels;

/// <summary>The gradient of an activation: of its result, or of its argument where the result does not tell (<see cref="Epilogue.GradientNeedsInput"/>), and of dy.</summary>
internal interface IActivationGradient
{
    static abstract V Invoke<L, V, I>(V value, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;
}
