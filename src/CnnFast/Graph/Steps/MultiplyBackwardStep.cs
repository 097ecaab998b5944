using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradients of a product of values of one shape: dy times all other values, in their order.</summary>
internal sealed class MultiplyBackwardStep : BackwardStep
{
    private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

    public override void Run(in BackwardContext context)
    {
        for (int i = 0; i < context.InputCount; i++)
        {
            Span<float> dx = context.InputGradient(i);
            if (dx.IsEmpty)
                continue;
            ReadOnlySpan<float> product = context.OutputGradient;
            for (int j = 0; j < context.InputCount; j++)
            {
                if (j == i)
                    continue;
                _operator.Multiply(context.Scheduler, product, context.Input(j), dx);
                product = dx;
            }
        }
    }
}
