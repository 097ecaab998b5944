using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// The gradients of a transposed convolution, which is linear: by its input the convolution itself, by its filter that of the convolution with input and gradient in each
/// other's place, by its bias the sums over pixels. Constants: the filter packed for the convolution.
/// </summary>
internal sealed class Conv2DTransposeBackwardStep(Conv2DGeometry geometry, Activation activation, bool useBias, GradientNeeds needs, ConvAlgorithm algorithm) : BackwardStep
{
    private readonly Conv2DBackwardFilter? _filter = needs.HasFlag(GradientNeeds.Parameters) ? Conv2DBackwardFilter.Create(geometry, algorithm) : null;
    private readonly ChannelSum? _bias = useBias && needs.HasFlag(GradientNeeds.Parameters) ? ChannelSum.Create(geometry.N * geometry.H * geometry.W, geometry.C) : null;
    private readonly Conv2DOperator? _data = needs.HasFlag(GradientNeeds.Inputs) ? Conv2DOperator.Create(geometry, default, algorithm) : null;
    private readonly ActivationOperator? _activation = Conv2DBackwardStep.GradientFromOutput(activation);

    public override int ConstantLength => _data?.PackedFilterLength ?? 0;

    public override int WorkspaceBytes(int threads) =>
        Math.Max(_bias?.WorkspaceBytes ?? 0, Math.Max(_filter?.WorkspaceBytes(threads) ?? 0, _data?.WorkspaceBytes(threads) ?? 0));

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants) =>
        _data?.PackFilter(parameters[0], constants);

    public override void Run(in BackwardContext context)
    {
        Span<float> dy = context.OutputGradient;
        _activation?.Backward(context.Scheduler, context.Output, dy, dy);
        _filter?.Run(context.Scheduler, context.N, dy, context.Input(0), context.ParameterGradient(0), default, context.Workspace);
        _bias?.Run(context.Scheduler, context.N * geometry.H * geometry.W, dy, context.ParameterGradient(1), context.Workspace);
        _data?.Run(context.Scheduler, context.N, dy, context.Constants, [], context.InputGradient(0), context.Workspace);
    }
}
