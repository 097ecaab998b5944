namespace CnnFast.Kernels;

/// <summary>The kernels of one function of single elements on one tier.</summary>
/// <param name="forward">x, y (may be x), count, alpha, beta.</param>
/// <param name="gradient">The result y (the argument x where the gradient needs it), dy, dx (may be either of them), count, alpha,
/// beta.</param>
internal readonly unsafe struct FunctionKernel(
    delegate*<float*, float*, nint, float, float, void> forward,
    delegate*<float*, float*, float*, nint, float, float, void> gradient)
{
    /// <summary>y = f(x): x, y (may be x), count, alpha, beta.</summary>
    public delegate*<float*, float*, nint, float, float, void> Forward { get; } = forward;

    /// <summary>dx = f′·dy: value, dy, dx (may be either of them), count, alpha, beta.</summary>
    public delegate*<float*, float*, float*, nint, float, float, void> Gradient { get; } = gradient;
}
