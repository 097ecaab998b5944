using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>Takes whole numbers along the middle one of three dimensions together; sums wrap as those of their type.</summary>
/// <param name="reduction">How.</param>
/// <param name="count">Elements that are taken together.</param>
/// <param name="inner">Elements from one to the next.</param>
internal sealed class ReduceIntegersStep<T>(Reduction reduction, int count, int inner) : ForwardStep
    where T : unmanaged, IBinaryInteger<T>
{
    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<T> x = MemoryMarshal.Cast<float, T>(context.Input(0));
        Span<T> y = MemoryMarshal.Cast<float, T>(context.Output);
        for (int i = 0; i < context.N; i++)
        {
            for (int j = 0; j < inner; j++)
                y[(i * inner) + j] = Reduce(x[((i * count * inner) + j)..]);
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
        for (int i = 0; i < count; i++)
        {
            T value = x[i * inner];
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

        return reduction == Reduction.Mean ? result / T.CreateTruncating(count) : result;
    }
}
