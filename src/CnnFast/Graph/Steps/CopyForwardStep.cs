using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Copies the input to the output.</summary>
internal sealed class CopyForwardStep : ForwardStep
{
    public override void Run(in ForwardContext context) => CopyOperators.Copy(context.Scheduler, context.Input(0), context.Output);
}
