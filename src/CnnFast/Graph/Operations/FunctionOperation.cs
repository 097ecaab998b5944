using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>A function of every element, any shape.</summary>
internal abstract record FunctionOperation : Operation
{
    public sealed override Epilogue? AsEpilogue => Function;

    /// <summary>The function.</summary>
    protected abstract Epilogue Function { get; }

    public sealed override bool HasGradient => Function.HasGradient;

    public sealed override bool CanOverwrite(int input) => true;

    public sealed override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public sealed override ForwardStep CreateForward(NodeShapes shapes) => new ActivationStep(Function);

    public sealed override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(Function);

    private sealed class Backward(Epilogue function) : BackwardStep
    {
        private readonly ActivationOperator _operator = ActivationOperator.Create(function);

        public override void Run(in BackwardContext context) =>
            _operator.Backward(context.Scheduler, _operator.GradientNeedsInput ? context.Input(0) : context.Output, context.OutputGradient, context.InputGradient(0));
    }
}
