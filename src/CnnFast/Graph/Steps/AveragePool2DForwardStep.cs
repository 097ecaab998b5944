using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Average pooling, by windows or over whole images.</summary>
internal sealed class AveragePool2DForwardStep(Pool2DGeometry geometry, bool countPadding, NodeShapes shapes) : ForwardStep
{
    private readonly AveragePool2DOperator _operator = AveragePool2DOperator.Create(geometry, countPadding,
        inputPitch: shapes.InputPitches[0], outputPitch: shapes.OutputPitch);

    public override void Run(in ForwardContext context) => _operator.Run(context.Scheduler, context.N, context.Input(0), context.Output);
}
