using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradient of average pooling, by windows or over whole images.</summary>
internal sealed class AveragePool2DBackwardStep(Pool2DGeometry geometry, bool countPadding) : BackwardStep
{
    private readonly AveragePool2DBackward _operator = AveragePool2DBackward.Create(geometry, countPadding);

    public override void Run(in BackwardContext context) =>
        _operator.Run(context.Scheduler, context.N, context.OutputGradient, context.InputGradient(0));
}
