using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Updates of parameters by their gradients. Work is cut into blocks of a fixed number of elements. Immutable and thread-safe; nothing is allocated.</summary>
internal sealed unsafe class OptimizerOperators
{
    private const int Block = 16384;

    // A parameter with its state costs about as much time as this many multiply-adds.
    private const long CostPerElement = 32;

    private readonly OptimizerKernels _kernels;

    private OptimizerOperators(OptimizerKernels kernels) => _kernels = kernels;

    /// <summary>The tier of the chosen kernels.</summary>
    public IsaLevel Isa => _kernels.Isa;

    /// <summary>Chooses the kernels.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static OptimizerOperators Create(IsaLevel? isa = null) => new(KernelSelection.Choose(OptimizerKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static OptimizerOperators Create(OptimizerKernels kernels) => new(kernels);

    /// <summary>g = gradient + l2·w; v = momentum·v + g; w = w − learningRate·v.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public void Sgd(IWorkScheduler s, Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float learningRate, float momentum, float l2)
    {
        OperatorChecks.Length("Sgd", "gradient", gradient.Length, weights.Length);
        OperatorChecks.Length("Sgd", "velocity", velocity.Length, weights.Length);
        fixed (float* w = weights, g = gradient, v = velocity)
            s.Run(Blocks(weights.Length), weights.Length * CostPerElement, new SgdAction(_kernels.Sgd, w, g, v, weights.Length, new SgdStep(learningRate, momentum, l2)));
    }

    /// <summary>One step of Adam (Kingma and Ba 2015), bias-corrected, with l2·w added to the gradient.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="m">First moments.</param>
    /// <param name="v">Second moments.</param>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">Decay of the first moments.</param>
    /// <param name="beta2">Decay of the second moments.</param>
    /// <param name="epsilon">Added to the root of the corrected second moment.</param>
    /// <param name="l2">Factor of the weights in the gradient.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is below 1.</exception>
    public void Adam(IWorkScheduler s, Span<float> weights, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, long step, float learningRate, float beta1, float beta2, float epsilon, float l2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        OperatorChecks.Length("Adam", "gradient", gradient.Length, weights.Length);
        OperatorChecks.Length("Adam", "m", m.Length, weights.Length);
        OperatorChecks.Length("Adam", "v", v.Length, weights.Length);
        fixed (float* w = weights, g = gradient, first = m, second = v)
            s.Run(Blocks(weights.Length), weights.Length * CostPerElement, new AdamAction(_kernels.Adam, w, g, first, second, weights.Length, AdamStep.Create(step, learningRate, beta1, beta2, epsilon, l2)));
    }

    private static int Blocks(int length) => (int)(((long)length + Block - 1) / Block);

    private readonly struct SgdAction(delegate*<float*, float*, float*, nint, SgdStep*, void> kernel, float* weights, float* gradient, float* velocity, int length, SgdStep step) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, nint, SgdStep*, void> _kernel = kernel;
        private readonly float* _weights = weights;
        private readonly float* _gradient = gradient;
        private readonly float* _velocity = velocity;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            SgdStep local = step;
            _kernel(_weights + start, _gradient + start, _velocity + start, Math.Min(Block, length - (int)start), &local);
        }
    }

    private readonly struct AdamAction(delegate*<float*, float*, float*, float*, nint, AdamStep*, void> kernel, float* weights, float* gradient, float* first, float* second, int length, AdamStep step) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, float*, nint, AdamStep*, void> _kernel = kernel;
        private readonly float* _weights = weights;
        private readonly float* _gradient = gradient;
        private readonly float* _first = first;
        private readonly float* _second = second;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            AdamStep local = step;
            _kernel(_weights + start, _gradient + start, _first + start, _second + start, Math.Min(Block, length - (int)start), &local);
        }
    }
}
