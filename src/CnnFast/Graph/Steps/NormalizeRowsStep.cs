using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Normalises groups whose elements follow one another.</summary>
/// <param name="operation">What is computed.</param>
/// <param name="input">The input, <c>[N, 1, G, K]</c>.</param>
internal sealed class NormalizeRowsStep(NormalizeOperation operation, Shape input) : ForwardStep
{
    private readonly RowNormalizationOperator _operator = RowNormalizationOperator.Create(input[2], input[3], operation.Epsilon,
        operation.Added);
    private readonly int _groups = input[2];
    private readonly int _length = input[3];

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        Span<float> y = context.Output;
        int rows = context.N * _groups;
        if (operation.Result == NormalizeResult.Elements)
        {
            ReadOnlySpan<float> scale = context.InputCount > 1 ? context.Input(1) : default;
            ReadOnlySpan<float> bias = context.InputCount > 2 ? context.Input(2) : default;
            _operator.Run(context.Scheduler, rows, x, scale, bias, y);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            (double mean, double variance) = _operator.Moments(x.Slice(row * _length, _length));
            y[row] = (float)operation.Select(mean, variance);
        }
    }
}
