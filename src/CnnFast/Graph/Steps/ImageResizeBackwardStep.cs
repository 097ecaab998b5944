using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradient of a resize of images.</summary>
internal sealed class ImageResizeBackwardStep(ResizeGeometry geometry) : BackwardStep
{
    private readonly ResizeOperator _operator = ResizeOperator.CreateBackward(geometry);

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

    public override void Run(in BackwardContext context) =>
        _operator.Run(context.Scheduler, context.N, context.OutputGradient, context.InputGradient(0), context.Workspace);
}
