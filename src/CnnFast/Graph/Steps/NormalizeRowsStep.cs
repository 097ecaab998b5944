using System.Numerics.Tensors;

namespace CnnFast.Graphs;

/// <summary>Normalises groups whose elements follow one another. Sums are taken in double over sums of short parts.</summary>
/// <param name="operation">What is computed.</param>
/// <param name="input">The input, <c>[N, 1, G, K]</c>.</param>
internal sealed class NormalizeRowsStep(NormalizeOperation operation, Shape input) : ForwardStep
{
    private const int Part = 256;

    private readonly int _groups = input[2];
    private readonly int _length = input[3];

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        Span<float> y = context.Output;
        ReadOnlySpan<float> scale = context.InputCount > 1 ? context.Input(1) : default;
        ReadOnlySpan<float> bias = context.InputCount > 2 ? context.Input(2) : default;
        for (int row = 0; row < context.N * _groups; row++)
        {
            ReadOnlySpan<float> values = x.Slice(row * _length, _length);
            (double mean, double variance) = Moments(values);
            if (operation.Result != NormalizeResult.Elements)
                y[row] = (float)operation.Select(mean, variance);
            else
                Normalize(values, (float)mean, (float)operation.Select(mean, variance), Of(scale, row % _groups), Of(bias, row % _groups), y.Slice(row * _length, _length));
        }
    }

    private static (double Mean, double Variance) Moments(ReadOnlySpan<float> values)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i += Part)
            sum += TensorPrimitives.Sum(values.Slice(i, Math.Min(Part, values.Length - i)));
        double mean = sum / values.Length;
        float centre = (float)mean;
        Span<float> deviations = stackalloc float[Part];
        double squares = 0;
        for (int i = 0; i < values.Length; i += Part)
        {
            int count = Math.Min(Part, values.Length - i);
            TensorPrimitives.Subtract(values.Slice(i, count), centre, deviations);
            squares += TensorPrimitives.SumOfSquares<float>(deviations[..count]);
        }

        return (mean, Math.Max(0, (squares / values.Length) - ((mean - centre) * (mean - centre))));
    }

    private static void Normalize(ReadOnlySpan<float> x, float mean, float factor, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, Span<float> y)
    {
        TensorPrimitives.Subtract(x, mean, y);
        TensorPrimitives.Multiply(y, factor, y);
        if (!bias.IsEmpty)
            TensorPrimitives.MultiplyAdd(y, scale, bias, y);
        else if (!scale.IsEmpty)
            TensorPrimitives.Multiply(y, scale, y);
    }

    private ReadOnlySpan<float> Of(ReadOnlySpan<float> numbers, int group) => numbers.Length <= _length ? numbers : numbers.Slice(group * _length, _length);
}
