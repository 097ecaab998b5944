using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// A function of the elements of two tensors of one rank, dimensions of 1 repeated. The first dimension is the samples of the run.
/// </summary>
internal sealed class BinaryStep<T, TResult, TFunction> : ForwardStep
    where T : unmanaged
    where TResult : unmanaged
    where TFunction : struct, IBinaryFunction<T, TResult>
{
    private readonly int[] _counts;
    private readonly long[] _a;
    private readonly long[] _b;

    public BinaryStep(NodeShapes shapes)
    {
        long[] a = BroadcastShape.Strides(shapes.Inputs[0], shapes.Output);
        long[] b = BroadcastShape.Strides(shapes.Inputs[1], shapes.Output);

        // Dimensions that continue one another in both are one, but for the first; those of 1 are none.
        var counts = new List<int> { shapes.Output[0] };
        List<long> stepsA = [a[0]];
        List<long> stepsB = [b[0]];
        for (int i = 1; i < a.Length; i++)
        {
            int count = shapes.Output[i];
            if (count == 1)
                continue;
            if (counts.Count > 1 && stepsA[^1] == a[i] * count && stepsB[^1] == b[i] * count)
            {
                counts[^1] *= count;
                (stepsA[^1], stepsB[^1]) = (a[i], b[i]);
                continue;
            }

            counts.Add(count);
            stepsA.Add(a[i]);
            stepsB.Add(b[i]);
        }

        (_counts, _a, _b) = ([.. counts], [.. stepsA], [.. stepsB]);
    }

    public override void Run(in ForwardContext context) => Apply(
        0,
        context.N,
        MemoryMarshal.Cast<float, T>(context.Input(0)),
        MemoryMarshal.Cast<float, T>(context.Input(1)),
        MemoryMarshal.Cast<float, TResult>(context.Output));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(int dimension, int count, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<TResult> y)
    {
        long stepA = _a[dimension];
        long stepB = _b[dimension];
        if (dimension == _counts.Length - 1)
        {
            ApplyRow(count, a, stepA, b, stepB, y);
            return;
        }

        int part = 1;
        for (int i = dimension + 1; i < _counts.Length; i++)
            part *= _counts[i];
        for (int i = 0; i < count; i++)
            Apply(dimension + 1, _counts[dimension + 1], a[(int)(i * stepA)..], b[(int)(i * stepB)..], y.Slice(i * part, part));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyRow(int count, ReadOnlySpan<T> a, long stepA, ReadOnlySpan<T> b, long stepB, Span<TResult> y)
    {
        y = y[..count];
        if (stepA == 1 && stepB == 1)
        {
            TFunction.Apply(a[..count], b[..count], y);
        }
        else if (stepA == 1 && stepB == 0)
        {
            TFunction.Apply(a[..count], b[0], y);
        }
        else if (stepA == 0 && stepB == 1)
        {
            TFunction.Apply(a[0], b[..count], y);
        }
        else
        {
            for (int i = 0; i < count; i++)
                y[i] = TFunction.Apply(a[(int)(i * stepA)], b[(int)(i * stepB)]);
        }
    }
}
