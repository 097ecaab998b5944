using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradients of a convolution (or dense layer): by its input, its filter and its bias. Constants: the filter packed for the input gradient.</summary>
internal sealed class Conv2DBackwardStep(Conv2DGeometry geometry, Activation activation, bool useBias, GradientNeeds needs, ConvAlgorithm algorithm) : BackwardStep
{
    private readonly Conv2DBackwardFilter? _filter = needs.HasFlag(GradientNeeds.Parameters) ? Conv2DBackwardFilter.Create(geometry, algorithm) : null;
    private readonly Conv2DBackwardData? _data = needs.HasFlag(GradientNeeds.Inputs) ? Conv2DBackwardData.Create(geometry, default, algorithm) : null;
    private readonly ActivationOperator? _activation = GradientFromOutput(activation);

    public override int ConstantLength => _data?.PackedFilterLength ?? 0;

    public override int WorkspaceBytes(int threads) => Math.Max(_filter?.WorkspaceBytes(threads) ?? 0, _data?.WorkspaceBytes(threads) ?? 0);

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants) =>
        _data?.PackFilter(parameters[0], constants);

    public override void Run(in BackwardContext context)
    {
        Span<float> dy = context.OutputGradient;
        _activation?.Backward(context.Scheduler, context.Output, dy, dy);
        _filter?.Run(context.Scheduler, context.N, context.Input(0), dy, context.ParameterGradient(0), useBias ? context.ParameterGradient(1) : default, context.Workspace);
        _data?.Run(context.Scheduler, context.N, dy, context.Constants, context.InputGradient(0), context.Workspace);
    }

    /// <summary>What turns the gradient by the output into that by the sums; null where they are the same.</summary>
    internal static ActivationOperator? GradientFromOutput(Activation activation)
    {
        if (activation == Activation.None)
            return null;
        var function = ActivationOperator.Create(activation);
        return function.GradientNeedsInput
            ? throw new InvalidOperationException($"The gradient of {activation} needs the sums before it, which a fused step does not keep; the graph must be split first.")
            : function;
    }
}
