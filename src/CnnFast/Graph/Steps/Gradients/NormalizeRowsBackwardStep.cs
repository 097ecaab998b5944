using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradients of normalised groups whose elements follow one another.</summary>
/// <param name="operation">What is computed.</param>
/// <param name="input">The input, <c>[N, 1, G, K]</c>.</param>
/// <param name="groups">Rows after which scales and biases repeat.</param>
internal sealed class NormalizeRowsBackwardStep(NormalizeOperation operation, Shape input, int groups) : BackwardStep
{
    private readonly RowNormalizationBackward _operator = RowNormalizationBackward.Create(checked(input[0] * input[2]), groups, input[3],
        operation.Epsilon, operation.Added);

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes;

    public override void Run(in BackwardContext context) => _operator.Run(
        context.Scheduler,
        context.N * input[2],
        context.Input(0),
        context.OutputGradient,
        context.InputCount > 1 ? context.Input(1) : default,
        context.InputCount > 1 ? context.InputGradient(1) : default,
        context.InputCount > 2 ? context.InputGradient(2) : default,
        context.InputGradient(0),
        context.Workspace);
}
