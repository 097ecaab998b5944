using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>x where x is above 0, else slope·x with one slope a channel, the last dimension, of any shape. Parameter: slope.</summary>
internal sealed record PReLUOperation : Operation
{
    public override string Kind => "PReLU";

    public override string NamePrefix => "prelu";

    public override bool CanOverwrite(int input) => true;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs) =>
        [ParameterInfo.Channels($"{name}.slope", ParameterRole.Scale, inputs[0].Dimensions[^1])];

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(Create(shapes), shapes.Input.Dimensions[^1]);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new Backward(Create(shapes), shapes.Input.Dimensions[^1], needs);

    private static PReLUOperator Create(NodeShapes shapes) =>
        PReLUOperator.Create(shapes.Input.ElementCount / shapes.Input.Dimensions[^1], shapes.Input.Dimensions[^1]);

    // Constants: the packed slopes.
    private sealed class Forward(PReLUOperator op, int channels) : ForwardStep
    {
        public override int ConstantLength => op.PackedLength;

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants) => op.Pack(parameters[0], constants);

        public override void Run(in ForwardContext context) =>
            op.Run(context.Scheduler, context.Output.Length / channels, context.Input(0), context.Constants, context.Output);
    }

    private sealed class Backward(PReLUOperator op, int channels, GradientNeeds needs) : BackwardStep
    {
        public override int ConstantLength => op.PackedLength;

        public override int WorkspaceBytes(int threads) => op.WorkspaceBytes;

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants) => op.Pack(parameters[0], constants);

        public override void Run(in BackwardContext context)
        {
            ReadOnlySpan<float> x = context.Input(0);
            ReadOnlySpan<float> dy = context.OutputGradient;
            int pixels = x.Length / channels;
            if (needs.HasFlag(GradientNeeds.Parameters))
                op.BackwardSlopes(context.Scheduler, pixels, x, dy, context.ParameterGradient(0), context.Workspace);
            Span<float> dx = context.InputGradient(0);
            if (!dx.IsEmpty)
                op.Backward(context.Scheduler, pixels, x, dy, context.Constants, dx);
        }
    }
}
