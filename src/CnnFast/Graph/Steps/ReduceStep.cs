using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>Takes floats along the last but one of four dimensions together, in double.</summary>
/// <param name="reduction">How.</param>
/// <param name="input">The shape of the input.</param>
internal sealed class ReduceStep(Reduction reduction, Shape input) : ForwardStep
{
    private const int Part = 256;

    private readonly int _outer = input[1];
    private readonly int _count = input[2];
    private readonly int _inner = input[3];

    public override int WorkspaceBytes(int threads) => checked(2 * _inner * sizeof(double));

    public override void Run(in ForwardContext context)
    {
        Span<double> sums = MemoryMarshal.Cast<byte, double>(context.Workspace)[.._inner];
        Span<double> largest = MemoryMarshal.Cast<byte, double>(context.Workspace).Slice(_inner, _inner);
        int outer = context.N * _outer;
        if (_inner == 1 && reduction is (Reduction.Sum or Reduction.Mean))
        {
            for (int i = 0; i < outer; i++)
                context.Output[i] = (float)(SumOf(context.Input(0).Slice(i * _count, _count)) / (reduction == Reduction.Mean ? _count : 1));
            return;
        }

        for (int i = 0; i < outer; i++)
        {
            ReadOnlySpan<float> x = context.Input(0).Slice(i * _count * _inner, _count * _inner);
            Reduce(x, context.Output.Slice(i * _inner, _inner), sums, largest);
        }
    }

    // In double over sums of short parts.
    private static double SumOf(ReadOnlySpan<float> row)
    {
        double sum = 0;
        for (int i = 0; i < row.Length; i += Part)
            sum += TensorPrimitives.Sum(row.Slice(i, Math.Min(Part, row.Length - i)));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reduce(ReadOnlySpan<float> x, Span<float> y, Span<double> sums, Span<double> largest)
    {
        if (reduction is Reduction.Maximum or Reduction.Minimum)
        {
            x[.._inner].CopyTo(y);
            for (int row = _inner; row < x.Length; row += _inner)
            {
                if (reduction == Reduction.Maximum)
                    TensorPrimitives.Max(y, x.Slice(row, _inner), y);
                else
                    TensorPrimitives.Min(y, x.Slice(row, _inner), y);
            }

            return;
        }

        sums.Fill(reduction == Reduction.Product ? 1 : 0);
        if (reduction == Reduction.LogSumExp)
            FindLargest(x, largest);
        for (int row = 0; row < x.Length; row += _inner)
            Add(x.Slice(row, _inner), sums, largest);
        for (int i = 0; i < _inner; i++)
        {
            y[i] = (float)(reduction switch
            {
                Reduction.Mean => sums[i] / _count,
                Reduction.L2 => Math.Sqrt(sums[i]),
                Reduction.LogSum => Math.Log(sums[i]),
                Reduction.LogSumExp => largest[i] + Math.Log(sums[i]),
                _ => sums[i],
            });
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindLargest(ReadOnlySpan<float> x, Span<double> largest)
    {
        largest.Fill(double.NegativeInfinity);
        for (int i = 0; i < x.Length; i++)
            largest[i % _inner] = Math.Max(largest[i % _inner], x[i]);
        foreach (ref double value in largest)
        {
            if (double.IsInfinity(value))
                value = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(ReadOnlySpan<float> x, Span<double> sums, ReadOnlySpan<double> largest)
    {
        switch (reduction)
        {
            case Reduction.Product:
                for (int i = 0; i < sums.Length; i++)
                    sums[i] *= x[i];
                break;
            case Reduction.L1:
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += Math.Abs(x[i]);
                break;
            case Reduction.L2 or Reduction.SumOfSquares:
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += (double)x[i] * x[i];
                break;
            case Reduction.LogSumExp:
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += Math.Exp(x[i] - largest[i]);
                break;
            default:
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += x[i];
                break;
        }
    }
}
