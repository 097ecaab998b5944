using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// The gradients of batch normalisation: by its input, gamma and beta. Reads the batch's statistics where the forward step left them; where
/// they are frozen, the moving ones. A function and a residual (the second input) that follow are gone back through first. Constants:
/// gamma, then the moving mean and variance.
/// </summary>
internal sealed class BatchNormalizationBackwardStep(BatchNormalizationOperation operation, Shape input, GradientNeeds needs,
    Epilogue epilogue = default, bool hasResidual = false) : BackwardStep
{
    private readonly bool _batchStatistics = needs.HasFlag(GradientNeeds.Statistics);
    private readonly bool _wanted = needs.HasFlag(GradientNeeds.Parameters);
    private readonly int _channels = BatchNormalizationOperation.ChannelsOf(input);

    private readonly BatchNormalizationBackward _operator = BatchNormalizationBackward.Create(
        input.ElementCount / BatchNormalizationOperation.ChannelsOf(input),
        BatchNormalizationOperation.ChannelsOf(input),
        operation.Epsilon,
        needs.HasFlag(GradientNeeds.Statistics),
        operation.UnbiasedVariance,
        epilogue);

    public override int ConstantLength => 3 * _channels;

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes;

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
        if (operation.UseScale)
            parameters[operation.GammaIndex].CopyTo(constants);
        parameters[operation.MeanIndex].CopyTo(constants[_channels..]);
        parameters[operation.VarianceIndex].CopyTo(constants[(2 * _channels)..]);
    }

    public override void Run(in BackwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        _operator.Run(
            context.Scheduler,
            x.Length / _channels,
            x,
            context.OutputGradient,
            operation.UseScale ? context.Constants[.._channels] : default,
            _batchStatistics ? context.ParameterGradient(operation.MeanIndex) : context.Constants.Slice(_channels, _channels),
            _batchStatistics ? context.ParameterGradient(operation.VarianceIndex) : context.Constants.Slice(2 * _channels, _channels),
            _wanted && operation.UseScale ? context.ParameterGradient(operation.GammaIndex) : default,
            _wanted && operation.UseOffset ? context.ParameterGradient(operation.BetaIndex) : default,
            context.InputGradient(0),
            context.Workspace,
            epilogue.IsNone ? default : context.Output,
            hasResidual ? context.InputGradient(1) : default);
    }
}
