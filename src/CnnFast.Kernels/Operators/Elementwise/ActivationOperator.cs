using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// One activation function and its gradient, element by element. Lengths are checked; nothing is allocated; thread-safe. Work is cut into blocks of a fixed
/// number of elements.
/// </summary>
internal sealed unsafe class ActivationOperator
{
    private const int Block = 16384;

    // A float that is read and written costs about as much time as this many multiply-adds; one through the exponential as twice as many.
    private const long CostPerElement = 16;

    private readonly ElementwiseOperators _elementwise;
    private readonly delegate*<float*, float*, nint, float, float, void> _forward;
    private readonly delegate*<float*, float*, float*, nint, float, float, void> _gradient;
    private readonly Epilogue _function;
    private readonly long _costPerElement;

    private ActivationOperator(Epilogue function, ElementwiseKernels elementwise, ActivationKernels kernels, ActivationGradientKernels gradients)
    {
        _function = function.Kind == EpilogueKind.ReLU6 ? new Epilogue(EpilogueKind.Clip, 0, 6) : function;
        _elementwise = ElementwiseOperators.Create(elementwise);
        _forward = kernels.For(_function);
        _gradient = gradients.For(_function.Kind);
        _costPerElement = _function.Kind >= EpilogueKind.SiLU ? 2 * CostPerElement : CostPerElement;
    }

    /// <summary>Whether <see cref="Backward"/> reads the argument x rather than the result y.</summary>
    public bool GradientNeedsInput => _function.GradientNeedsInput;

    /// <summary>Chooses the kernels.</summary>
    /// <param name="function">The function, not the identity.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ActivationOperator Create(Epilogue function, IsaLevel? isa = null) => Create(
        function,
        KernelSelection.Choose(ElementwiseKernels.All, isa),
        KernelSelection.Choose(ActivationKernels.All, isa),
        KernelSelection.Choose(ActivationGradientKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static ActivationOperator Create(Epilogue function, ElementwiseKernels elementwise, ActivationKernels kernels, ActivationGradientKernels gradients) =>
        function.Kind != EpilogueKind.None
            ? new ActivationOperator(function, elementwise, kernels, gradients)
            : throw new ArgumentException("Activation: the identity was given; expected a function.", nameof(function));

    /// <summary>y = f(x). y may be x.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public void Run(IWorkScheduler s, ReadOnlySpan<float> x, Span<float> y)
    {
        if (_function.Kind == EpilogueKind.ReLU)
        {
            _elementwise.ReLU(s, x, y);
            return;
        }

        OperatorChecks.Length("Activation", "x", x.Length, y.Length);
        fixed (float* px = x, py = y)
            s.Run(Blocks(y.Length), y.Length * _costPerElement, new ForwardAction(_forward, px, py, y.Length, _function));
    }

    /// <summary>dx = f′·dy, from y = f(x), or from x where <see cref="GradientNeedsInput"/>. dx may be dy.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="NotSupportedException">The function has no gradient here: <see cref="Epilogue.HasGradient"/>.</exception>
    public void Backward(IWorkScheduler s, ReadOnlySpan<float> value, ReadOnlySpan<float> dy, Span<float> dx)
    {
        if (_function.Kind == EpilogueKind.ReLU)
        {
            _elementwise.ReLUBackward(s, value, dy, dx);
            return;
        }

        if (_gradient is null)
            throw new NotSupportedException($"ActivationBackward: {_function.Kind} has no gradient.");
        OperatorChecks.Length("ActivationBackward", GradientNeedsInput ? "x" : "y", value.Length, dx.Length);
        OperatorChecks.Length("ActivationBackward", "dy", dy.Length, dx.Length);
        fixed (float* pv = value, pdy = dy, pdx = dx)
            s.Run(Blocks(dx.Length), dx.Length * _costPerElement, new BackwardAction(_gradient, pv, pdy, pdx, dx.Length, _function));
    }

    private static int Blocks(int length) => (int)(((long)length + Block - 1) / Block);

    private readonly struct ForwardAction(delegate*<float*, float*, nint, float, float, void> kernel, float* x, float* y, int length, Epilogue function) : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, float, float, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            _kernel(_x + start, _y + start, Math.Min(Block, length - start), function.Alpha, function.Beta);
        }
    }

    private readonly struct BackwardAction(delegate*<float*, float*, float*, nint, float, float, void> kernel, float* value, float* dy, float* dx, int length, Epilogue function) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, nint, float, float, void> _kernel = kernel;
        private readonly float* _value = value;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            _kernel(_value + start, _dy + start, _dx + start, Math.Min(Block, length - start), function.Alpha, function.Beta);
        }
    }
}
