using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>A function of every element for which there are kernels.</summary>
internal sealed class ActivationStep(Epilogue function) : ForwardStep
{
    private readonly ActivationOperator _operator = ActivationOperator.Create(function);

    public override void Run(in ForwardContext context) => _operator.Run(context.Scheduler, context.Input(0), context.Output);
}
