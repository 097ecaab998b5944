using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>Takes whole numbers along the last but one of four dimensions together; sums wrap as those of their type.</summary>
/// <param name="reduction">How.</param>
/// <param name="input">The shape of the input.</param>
internal sealed class ReduceIntegersStep<T>(Reduction reduction, Shape input) : ForwardStep
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly int _outer = input[1];
    private readonly int _count = input[2];
    private readonly int _inner = input[3];

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<T> x = MemoryMarshal.Cast<float, T>(context.Input(0));
        Span<T> y = MemoryMarshal.Cast<float, T>(context.Output);
        for (int i = 0; i < context.N * _outer; i++)
        {
            for (int j = 0; j < _inner; j++)
                y[(i * _inner) + j] = Reduce(x[((i * _count * _inner) + j)..]);
        }
    }

    private T Reduce(ReadOnlySpan<T> x)
    {
        T result = reduction switch
        {
            Reduction.Product => T.One,
            Reduction.Maximum or Reduction.Minimum => x[0],
            _ => T.Zero,
        };
        for (int i = 0; i < _count; i++)
        {
            T value = x[i * _inner];
            result = reduction switch
            {
                Reduction.Product => result * value,
                Reduction.Maximum => T.Max(result, value),
                Reduction.Minimum => T.Min(result, value),
                Reduction.L1 => result + (T.IsNegative(value) ? T.Zero - value : value),
                Reduction.SumOfSquares => result + (value * value),
                _ => result + value,
            };
        }

        return reduction == Reduction.Mean ? result / T.CreateTruncating(_count) : result;
    }
}
