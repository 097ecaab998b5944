using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>A resize of images.</summary>
internal sealed class ImageResizeForwardStep(ResizeGeometry geometry) : ForwardStep
{
    private readonly ResizeOperator _operator = ResizeOperator.Create(geometry);

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

    public override void Run(in ForwardContext context) =>
        _operator.Run(context.Scheduler, context.N, context.Input(0), context.Output, context.Workspace);
}
