using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradients of images times one factor an image and channel.</summary>
internal sealed class MultiplyChannelsBackwardStep(Shape images) : BackwardStep
{
    private readonly ChannelMultiply _operator = ChannelMultiply.Create(images[0], images[1] * images[2], images[3]);

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes;

    public override void Run(in BackwardContext context)
    {
        ReadOnlySpan<float> dy = context.OutputGradient;
        Span<float> dx = context.InputGradient(0);
        if (!dx.IsEmpty)
            _operator.Run(context.Scheduler, context.N, dy, context.Input(1), dx);
        Span<float> dfactors = context.InputGradient(1);
        if (!dfactors.IsEmpty)
            _operator.BackwardFactors(context.Scheduler, context.N, context.Input(0), dy, dfactors, context.Workspace);
    }
}
