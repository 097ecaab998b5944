using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// The gradients of a convolution, its transpose or a dense layer, by its input, its filter and its bias. By the input it is the same
/// convolution in the other direction. For the transpose the filter gradient takes input and gradient in each other's place.
/// Constants: the filter packed for the input gradient.
/// </summary>
internal sealed class ConvolutionBackwardStep : BackwardStep
{
    private readonly ConvolutionPass _pass;
    private readonly bool _useBias;
    private readonly Conv2DBackwardFilter? _filter;
    private readonly ChannelSum? _transposedBias;
    private readonly Conv2DOperator? _data;
    private readonly StreamedDenseGradient? _streamed;
    private readonly ActivationOperator? _activation;

    public ConvolutionBackwardStep(ConvolutionPass pass, Activation activation, bool useBias, GradientNeeds needs, ConvAlgorithm algorithm,
        bool readsParameters = false)
    {
        _pass = pass;
        _useBias = useBias;
        _activation = GradientFromOutput(activation);
        if (needs.HasFlag(GradientNeeds.Parameters))
        {
            _filter = Conv2DBackwardFilter.Create(pass.Geometry, algorithm);
            if (useBias && !pass.IsForward)
                _transposedBias = ChannelSum.Create(pass.Geometry.N * pass.Rows * pass.Columns, pass.Channels);
        }

        if (needs.HasFlag(GradientNeeds.Inputs))
        {
            ConvolutionPass reversed = pass.Reversed();
            if (readsParameters && StreamedDense.Serves(pass.Geometry))
                _streamed = StreamedDenseGradient.Create(pass.Geometry);
            else
                _data = Conv2DOperator.Create(reversed, default, WinogradRule.ForDataGradient(reversed, algorithm));
        }
    }

    public override int ConstantLength => _data?.PackedFilterLength ?? 0;

    public override int WorkspaceBytes(int threads) =>
        Math.Max(_transposedBias?.WorkspaceBytes ?? 0,
            Math.Max(_filter?.WorkspaceBytes(threads) ?? 0, _data?.WorkspaceBytes(threads) ?? _streamed?.WorkspaceBytes(threads) ?? 0));

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants) =>
        PackConstants(parameters, constants, new ConstantPacking(SerialScheduler.Instance, KeepsDenormals: true));

    public override void PackConstants(ParameterValues parameters, Span<float> constants, in ConstantPacking packing)
    {
        int channels = _pass.Geometry.OC;
        _data?.PackColumns(packing.Scheduler, parameters.Columns(0, channels, 0, channels), constants, packing.KeepsDenormals);
    }

    public override void Run(in BackwardContext context)
    {
        Span<float> dy = context.OutputGradient;
        _activation?.Backward(context.Scheduler, context.Output, dy, dy);
        if (_filter is not null)
            RunFilter(context, dy);
        _data?.Run(context.Scheduler, context.N, dy, context.Constants, [], context.InputGradient(0), context.Workspace);
        _streamed?.Run(context.Scheduler, context.N, dy, context.Parameter(0), context.InputGradient(0), context.Workspace);
    }

    private void RunFilter(in BackwardContext context, ReadOnlySpan<float> dy)
    {
        ReadOnlySpan<float> input = context.Input(0);
        Span<float> dw = context.ParameterGradient(0);
        Span<float> db = _useBias ? context.ParameterGradient(1) : default;
        if (_pass.IsForward)
        {
            _filter!.Run(context.Scheduler, context.N, input, dy, dw, db, context.Workspace);
            return;
        }

        _filter!.Run(context.Scheduler, context.N, dy, input, dw, default, context.Workspace);
        _transposedBias?.Run(context.Scheduler, context.N * _pass.Rows * _pass.Columns, dy, db, context.Workspace);
    }

    // What turns the gradient by the output into that by the sums; null where they are the same.
    private static ActivationOperator? GradientFromOutput(Activation activation)
    {
        if (activation == Activation.None)
            return null;
        var function = ActivationOperator.Create(activation);
        return function.GradientNeedsInput
            ? throw new InvalidOperationException(
                $"The gradient of {activation} needs the sums before it, which a fused step does not keep; the graph must be split first.")
            : function;
    }
}
