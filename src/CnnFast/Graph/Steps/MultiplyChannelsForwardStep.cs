using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Images times one factor an image and channel.</summary>
internal sealed class MultiplyChannelsForwardStep(Shape images) : ForwardStep
{
    private readonly ChannelMultiply _operator = ChannelMultiply.Create(images[0], images[1] * images[2], images[3]);

    public override void Run(in ForwardContext context) =>
        _operator.Run(context.Scheduler, context.N, context.Input(0), context.Input(1), context.Output);
}
