using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradient of weighted sums of rows and columns of <c>[N, outer, H, W, inner]</c>.</summary>
/// <param name="shapes">The shapes.</param>
/// <param name="rows">What each row of the output reads; nothing where it lies outside.</param>
/// <param name="columns">What each column of the output reads.</param>
internal sealed class ResizeBackwardStep(NodeShapes shapes, ResizeAxis rows, ResizeAxis columns) : BackwardStep
{
    private readonly ResizeOperator _operator = ResizeOperator.CreateBackward(
        Shape.Nhwc(checked(shapes.Input[0] * shapes.Input[1]), shapes.Input[2], shapes.Input[3], shapes.Input[4]),
        rows,
        columns);

    private readonly int _outer = shapes.Output[1];

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

    public override void Run(in BackwardContext context) =>
        _operator.Run(context.Scheduler, context.N * _outer, context.OutputGradient, context.InputGradient(0), context.Workspace);
}
