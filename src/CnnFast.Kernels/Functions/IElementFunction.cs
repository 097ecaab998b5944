namespace CnnFast.Kernels;

/// <summary>
/// A function of one number with two constants: what it computes and its gradient, in the operations of any tier, and what the rest of
/// the library has to know of it.
/// A new function is one struct and one line in <see cref="ElementFunctions"/>.
/// </summary>
internal interface IElementFunction
{
    /// <summary>The word that users, files and kernels know it by, such as <c>SiLU</c>.</summary>
    static abstract string Name { get; }

    /// <summary>What automatic names of its layers start with, such as <c>silu</c>.</summary>
    static abstract string NamePrefix { get; }

    /// <summary>The option of layers that means it; None where it has none.</summary>
    static virtual Activation Activation => Activation.None;

    /// <summary>The first constant; null where the function has none.</summary>
    static virtual FunctionConstant? Alpha => null;

    /// <summary>The second constant; null where the function has none.</summary>
    static virtual FunctionConstant? Beta => null;

    /// <summary>What the tiles of matrix products run in registers.</summary>
    static virtual RegisterFunction InRegisters => RegisterFunction.None;

    /// <summary>An element takes about as long as this many multiply-adds: 16 where memory is the limit, 32 with an exponential.</summary>
    static virtual long Cost => 16;

    /// <summary>Whether it passes about half of the variance on, as ReLU does, so that filters before it start with
    /// <c>HeNormal</c>.</summary>
    static virtual bool IsRectifier => false;

    /// <summary>The oldest version of model files whose readers know it.</summary>
    static virtual int FileVersion => 3;

    /// <summary>f(x).</summary>
    static abstract V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>f′·dy, from the result y; from the argument x where <see cref="GradientNeedsInput"/>.</summary>
    static abstract V Gradient<L, V, I>(V value, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>Whether the result does not tell the derivative, or not exactly enough.</summary>
    static virtual bool GradientNeedsInput(float alpha) => false;
}
