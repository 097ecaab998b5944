using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Maximum pooling, by windows or over whole images.</summary>
internal sealed class MaxPool2DForwardStep(Pool2DGeometry geometry, NodeShapes shapes) : ForwardStep
{
    private readonly MaxPool2DOperator _operator = MaxPool2DOperator.Create(geometry, inputPitch: shapes.InputPitches[0],
        outputPitch: shapes.OutputPitch);

    public override void Run(in ForwardContext context) => _operator.Run(context.Scheduler, context.N, context.Input(0), context.Output);
}
