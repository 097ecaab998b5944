using CnnFast.Graphs;

namespace CnnFast.Tests.Verification;

/// <summary>A copy that has no reference.</summary>
internal sealed record UnknownOperation : Operation
{
    public override string Kind => "Unknown";

    public override string NamePrefix => "unknown";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => new CopyForwardStep();

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward();

    private sealed class Backward : BackwardStep
    {
        public override void Run(in BackwardContext context) => context.OutputGradient.CopyTo(context.InputGradient(0));
    }
}
