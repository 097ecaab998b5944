using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradient of what is passed on as it is.</summary>
internal sealed class CopyBackwardStep : BackwardStep
{
    public override void Run(in BackwardContext context) =>
        CopyOperators.Copy(context.Scheduler, context.OutputGradient, context.InputGradient(0));
}
