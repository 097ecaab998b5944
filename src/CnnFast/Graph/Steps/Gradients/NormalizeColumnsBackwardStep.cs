using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradients of normalised channels or groups of channels of pixels.</summary>
/// <param name="operation">What is computed.</param>
/// <param name="input">The input, <c>[N, S, G, K]</c>.</param>
internal sealed class NormalizeColumnsBackwardStep(NormalizeOperation operation, Shape input) : BackwardStep
{
    private readonly GroupNormalizationBackward _operator = GroupNormalizationBackward.Create(input[0], input[1], input[2], input[3],
        operation.Epsilon, operation.Added);

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

    public override void Run(in BackwardContext context) => _operator.Run(
        context.Scheduler,
        context.N,
        context.Input(0),
        context.OutputGradient,
        context.InputCount > 1 ? context.Input(1) : default,
        context.InputCount > 1 ? context.InputGradient(1) : default,
        context.InputCount > 2 ? context.InputGradient(2) : default,
        context.InputGradient(0),
        context.Workspace);
}
