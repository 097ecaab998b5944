using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>max(0, x) of every element, any shape.</summary>
internal sealed record ReLUOperation : Operation
{
    public override string Kind => "ReLU";

    public override string NamePrefix => "relu";

    public override Epilogue? AsEpilogue => Activation.ReLU;

    public override bool CanOverwrite(int input) => true;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward();

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward();

    private sealed class Forward : ForwardStep
    {
        private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

        public override void Run(in ForwardContext context) => _operator.ReLU(context.Scheduler, context.Input(0), context.Output);
    }

    private sealed class Backward : BackwardStep
    {
        private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

        public override void Run(in BackwardContext context) =>
            _operator.ReLUBackward(context.Scheduler, context.Output, context.OutputGradient, context.InputGradient(0));
    }
}
