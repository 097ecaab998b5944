using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradient of a function of single elements by its argument, from its result, on a stretch that an operator goes on with while it is
/// in cache; with the identity a copy.
/// </summary>
internal readonly unsafe struct BlockGradient
{
    private readonly delegate*<float*, float*, float*, nint, float, float, void> _kernel;
    private readonly float _alpha;
    private readonly float _beta;

    /// <summary>That of an epilogue.</summary>
    /// <exception cref="ArgumentException">Its gradient needs the argument.</exception>
    public BlockGradient(Epilogue epilogue, IsaLevel isa)
    {
        if (epilogue.GradientNeedsInput)
            throw new ArgumentException($"{epilogue}: the gradient needs the argument; expected a function whose result is enough.");
        _kernel = epilogue.Function is { } function ? KernelSelection.Choose(FunctionKernels.All, isa).For(function).Gradient : null;
        _alpha = epilogue.Alpha;
        _beta = epilogue.Beta;
    }

    /// <summary>Whether it is that of the identity.</summary>
    public bool IsNone => _kernel is null;

    /// <summary>g = f′·dy.</summary>
    /// <param name="y">The results; not read where <see cref="IsNone"/>.</param>
    /// <param name="dy">The gradient by them.</param>
    /// <param name="g">Receives the gradient by the arguments; may be dy.</param>
    /// <param name="count">Elements.</param>
    public void Run(float* y, float* dy, float* g, nint count)
    {
        if (_kernel is not null)
            _kernel(y, dy, g, count, _alpha, _beta);
        else if (g != dy)
            NativeMemory.Copy(dy, g, (nuint)count * sizeof(float));
    }
}
