using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Softmax over the last dimension: every row becomes positive and sums to 1.</summary>
internal sealed record SoftmaxOperation : Operation
{
    public override string Kind => "Softmax";

    public override string NamePrefix => "softmax";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0].Rank >= 2
        ? inputs[0]
        : throw new ShapeException(
            $"{Who(name)}: input has shape {ShapeText.OfBatch(inputs[0])}; expected at least one dimension besides the batch.");

    public override bool CanOverwrite(int input) => true;

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(Classes(shapes));

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(Classes(shapes));

    private static int Classes(NodeShapes shapes) => shapes.Input[shapes.Input.Rank - 1];

    private sealed class Forward(int classes) : ForwardStep
    {
        private readonly SoftmaxOperator _operator = SoftmaxOperator.Create();

        public override void Run(in ForwardContext context) =>
            _operator.Run(context.Scheduler, context.Output.Length / classes, classes, context.Input(0), context.Output);
    }

    private sealed class Backward(int classes) : BackwardStep
    {
        private readonly SoftmaxBackward _operator = SoftmaxBackward.Create();

        public override void Run(in BackwardContext context) =>
            _operator.Run(context.Scheduler, context.Output.Length / classes, classes, context.Output, context.OutputGradient,
                context.InputGradient(0));
    }
}
