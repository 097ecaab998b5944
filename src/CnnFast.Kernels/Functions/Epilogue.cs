namespace CnnFast.Kernels;

/// <summary>
/// What an operator does to its sums before it stores them: a function of single elements with its constants. The cheap and frequent
/// ones (<see cref="IsFused"/>)
/// run in registers; for the others the operator stores the sums and sends each block through the function's kernel while it is in cache.
/// </summary>
/// <param name="Function">The function; null for the identity.</param>
/// <param name="Alpha">Its first constant.</param>
/// <param name="Beta">Its second constant.</param>
internal readonly record struct Epilogue(ElementFunction? Function, float Alpha = 0, float Beta = 0)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNone => Function is null;

    /// <summary>Whether kernels apply it in registers.</summary>
    public bool IsFused => IsNone || InRegisters != RegisterFunction.None;

    /// <summary>What is left to the kernel: itself when fused, else nothing.</summary>
    public RegisterFunction InRegisters => Function?.InRegisters ?? RegisterFunction.None;

    /// <summary>Whether the derivative is computed from the argument; that of the others follows from the result.</summary>
    public bool GradientNeedsInput => Function is not null && Function.GradientNeedsInput(Alpha);

    /// <summary>The name of the function.</summary>
    public override string ToString() => Function?.Name ?? "None";

    public static implicit operator Epilogue(Activation activation) => new(ElementFunctions.Of(activation));
}
