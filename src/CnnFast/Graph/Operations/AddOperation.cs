using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The sum of two or more values of one shape.</summary>
internal sealed record AddOperation : Operation
{
    public override string Kind => "Add";

    public override string NamePrefix => "add";

    public override int MinInputs => 2;

    public override int MaxInputs => int.MaxValue;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        foreach (Shape input in inputs)
        {
            if (input != inputs[0])
                throw new ShapeException($"{Who(name)}: the inputs have shapes {string.Join(" and ", inputs.Select(ShapeText.OfBatch))}; " +
                    "expected the same shape for all.");
        }

        return inputs[0];
    }

    public override bool CanOverwrite(int input) => input < 2;

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward();

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward();

    private sealed class Forward : ForwardStep
    {
        private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

        public override void Run(in ForwardContext context)
        {
            Span<float> y = context.Output;
            _operator.Add(context.Scheduler, context.Input(0), context.Input(1), y);
            for (int i = 2; i < context.InputCount; i++)
                _operator.Add(context.Scheduler, y, context.Input(i), y);
        }
    }

    private sealed class Backward : BackwardStep
    {
        public override void Run(in BackwardContext context)
        {
            for (int i = 0; i < context.InputCount; i++)
            {
                Span<float> dx = context.InputGradient(i);
                if (!dx.IsEmpty)
                    CopyOperators.Copy(context.Scheduler, context.OutputGradient, dx);
            }
        }
    }
}
