using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Updates of parameters by their gradients, on the caller's thread. Immutable and thread-safe; nothing is allocated.</summary>
/// <typeparam name="TRule">The optimizer.</typeparam>
internal sealed unsafe class UpdateOperator<TRule>
    where TRule : unmanaged, IUpdateRule
{
    private readonly UpdateKernel _kernel;

    private UpdateOperator(OptimizerKernels kernels) => _kernel = kernels.For<TRule>();

    /// <summary>That of the best tier, chosen when it is first asked for.</summary>
    public static UpdateOperator<TRule> Default => field ??= Create();

    /// <summary>Chooses the kernel.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static UpdateOperator<TRule> Create(IsaLevel? isa = null) => new(KernelSelection.Choose(OptimizerKernels.All, isa));

    /// <summary>Uses a kernel that the caller chose.</summary>
    public static UpdateOperator<TRule> Create(OptimizerKernels kernels) => new(kernels);

    /// <summary>One step of a rule that remembers two numbers of a weight at most.</summary>
    /// <param name="weights">The parameters; updated.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="first">The first that is remembered of every weight; updated. Empty where the rule remembers nothing.</param>
    /// <param name="second">The second.</param>
    /// <param name="rule">The numbers of the step.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public void Run(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in TRule rule) =>
        Run(weights, gradient, first, second, [], rule);

    /// <summary>One step.</summary>
    /// <param name="weights">The parameters; updated.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="first">The first that is remembered of every weight; updated. Empty where the rule remembers nothing.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <param name="rule">The numbers of the step.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public void Run(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, Span<float> third,
        in TRule rule)
    {
        OperatorChecks.Length(TRule.Name, "gradient", gradient.Length, weights.Length);
        OperatorChecks.Length(TRule.Name, "first", first.Length, TRule.Remembered > 0 ? weights.Length : 0);
        OperatorChecks.Length(TRule.Name, "second", second.Length, TRule.Remembered > 1 ? weights.Length : 0);
        OperatorChecks.Length(TRule.Name, "third", third.Length, TRule.Remembered > 2 ? weights.Length : 0);
        TRule numbers = rule;
        fixed (float* w = weights, g = gradient, a = first, b = second, c = third)
            _kernel.Run(w, g, a, b, c, weights.Length, &numbers);
    }
}
