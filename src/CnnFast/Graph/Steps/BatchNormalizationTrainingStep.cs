using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// Batch normalisation by the batch's statistics, which it leaves where the gradients of the moving ones would be: the backward step and
/// the moving averages read them there. A residual (the second input) is added and a function applied where there are. Constants: gamma,
/// then beta, each as the layer has it.
/// </summary>
internal sealed class BatchNormalizationTrainingStep(BatchNormalizationOperation operation, string name, Shape input,
    Epilogue epilogue = default, bool hasResidual = false) : ForwardStep
{
    private readonly int _channels = BatchNormalizationOperation.ChannelsOf(input);

    private readonly BatchNormalizationOperator _operator =
        BatchNormalizationOperator.Create(input.ElementCount / BatchNormalizationOperation.ChannelsOf(input),
            BatchNormalizationOperation.ChannelsOf(input), operation.Epsilon, epilogue);

    public override int ConstantLength => 2 * _channels;

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes;

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
        if (operation.UseScale)
            parameters[operation.GammaIndex].CopyTo(constants);
        if (operation.UseOffset)
            parameters[operation.BetaIndex].CopyTo(constants[_channels..]);
    }

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        int pixels = x.Length / _channels;
        if (pixels == 1)
            throw new ShapeException($"BatchNormalization '{name}': the batch has one value a channel, whose variance is 0; expected at " +
                "least two: train on batches of two samples or more, or freeze its moving statistics.");
        _operator.Run(
            context.Scheduler,
            pixels,
            x,
            operation.UseScale ? context.Constants[.._channels] : default,
            operation.UseOffset ? context.Constants[_channels..] : default,
            context.Statistic(operation.MeanIndex),
            context.Statistic(operation.VarianceIndex),
            context.Output,
            context.Workspace,
            hasResidual ? context.Input(1) : default);
        if (!operation.UnbiasedVariance)
            return;
        foreach (ref float variance in context.Statistic(operation.VarianceIndex))
            variance = (float)(variance * ((double)pixels / (pixels - 1)));
    }
}
