using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradient of maximum pooling, by windows or over whole images.</summary>
internal sealed class MaxPool2DBackwardStep(Pool2DGeometry geometry) : BackwardStep
{
    private readonly MaxPool2DBackward _operator = MaxPool2DBackward.Create(geometry);

    public override void Run(in BackwardContext context) =>
        _operator.Run(context.Scheduler, context.N, context.Input(0), context.Output, context.OutputGradient, context.InputGradient(0));
}
