using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The product of values of one shape.</summary>
internal sealed class MultiplyForwardStep : ForwardStep
{
    private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

    public override void Run(in ForwardContext context)
    {
        Span<float> y = context.Output;
        _operator.Multiply(context.Scheduler, context.Input(0), context.Input(1), y);
        for (int i = 2; i < context.InputCount; i++)
            _operator.Multiply(context.Scheduler, y, context.Input(i), y);
    }
}
