using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// One activation function and its gradient, element by element. Lengths are checked; nothing is allocated; thread-safe. Work is cut into
/// blocks of a fixed number of elements.
/// </summary>
internal sealed unsafe class ActivationOperator
{
    private const int Block = 16384;

    private readonly FunctionKernel _kernel;
    private readonly Epilogue _function;
    private readonly long _costPerElement;

    private ActivationOperator(Epilogue epilogue, ElementFunction function, FunctionKernels kernels)
    {
        _function = epilogue;
        _kernel = kernels.For(function);
        _costPerElement = function.Cost;
    }

    /// <summary>Whether <see cref="Backward"/> reads the argument x rather than the result y.</summary>
    public bool GradientNeedsInput => _function.GradientNeedsInput;

    /// <summary>Chooses the kernels.</summary>
    /// <param name="function">The function, not the identity.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ActivationOperator Create(Epilogue function, IsaLevel? isa = null) =>
        Create(function, KernelSelection.Choose(FunctionKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static ActivationOperator Create(Epilogue function, FunctionKernels kernels) => new(
        function,
        function.Function ?? throw new ArgumentException("Activation: the identity was given; expected a function.", nameof(function)),
        kernels);

    /// <summary>y = f(x). y may be x.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public void Run(IWorkScheduler s, ReadOnlySpan<float> x, Span<float> y)
    {
        OperatorChecks.Length("Activation", "x", x.Length, y.Length);
        fixed (float* px = x, py = y)
            s.Run(Blocks(y.Length), y.Length * _costPerElement,
                new ForwardAction(_kernel.Forward, px, py, y.Length, _function.Alpha, _function.Beta));
    }

    /// <summary>dx = f′·dy, from y = f(x), or from x where <see cref="GradientNeedsInput"/>. dx may be dy.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public void Backward(IWorkScheduler s, ReadOnlySpan<float> value, ReadOnlySpan<float> dy, Span<float> dx)
    {
        OperatorChecks.Length("ActivationBackward", GradientNeedsInput ? "x" : "y", value.Length, dx.Length);
        OperatorChecks.Length("ActivationBackward", "dy", dy.Length, dx.Length);
        fixed (float* pv = value, pdy = dy, pdx = dx)
            s.Run(Blocks(dx.Length), dx.Length * _costPerElement,
                new BackwardAction(_kernel.Gradient, pv, pdy, pdx, dx.Length, _function.Alpha, _function.Beta));
    }

    private static int Blocks(int length) => (int)(((long)length + Block - 1) / Block);

    private readonly struct ForwardAction(
        delegate*<float*, float*, nint, float, float, void> kernel, float* x, float* y, int length, float alpha, float beta) : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, float, float, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            _kernel(_x + start, _y + start, Math.Min(Block, length - start), alpha, beta);
        }
    }

    private readonly struct BackwardAction(
        delegate*<float*, float*, float*, nint, float, float, void> kernel, float* value, float* dy, float* dx, int length, float alpha,
        float beta) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, nint, float, float, void> _kernel = kernel;
        private readonly float* _value = value;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            _kernel(_value + start, _dy + start, _dx + start, Math.Min(Block, length - start), alpha, beta);
        }
    }
}
