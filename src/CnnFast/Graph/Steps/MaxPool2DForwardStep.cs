using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Maximum pooling, by windows or over whole images.</summary>
internal sealed class MaxPool2DForwardStep(Pool2DGeometry geometry) : ForwardStep
{
    private readonly MaxPool2DOperator _operator = MaxPool2DOperator.Create(geometry);

    public override void Run(in ForwardContext context) => _operator.Run(context.Scheduler, context.N, context.Input(0), context.Output);
}
