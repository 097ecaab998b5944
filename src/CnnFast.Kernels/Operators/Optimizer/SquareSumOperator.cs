using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// The sum of the squares of floats, in double: of blocks of a fixed number of elements, added in order. A square of a float is exact in
/// double, and the eight sums of a block are the same on every machine, so the bits depend on neither threads nor tiers, and nothing
/// overflows.
/// </summary>
internal static class SquareSumOperator
{
    private const int Block = 16384;

    // A float that is read and squared in double costs about as much time as this many multiply-adds.
    private const long CostPerElement = 8;

    /// <summary>How many sums of blocks there are.</summary>
    public static int Parts(int length) => (int)(((long)length + Block - 1) / Block);

    /// <summary>The sum.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="x">The floats.</param>
    /// <param name="sums">Room for the sums of the blocks, <see cref="Parts"/> or more.</param>
    /// <returns>Σx²; NaN or infinite where an element is.</returns>
    /// <exception cref="ShapeException">There is too little room.</exception>
    public static double Run(IWorkScheduler s, ReadOnlyMemory<float> x, double[] sums)
    {
        int parts = Parts(x.Length);
        if (sums.Length < parts)
            throw new ShapeException($"SquareSum: there is room for {sums.Length} sums, expected {parts} ({x.Length} elements).");
        s.Run(parts, x.Length * CostPerElement, new BlockAction(x, sums));
        double total = 0;
        for (int part = 0; part < parts; part++)
            total += sums[part];
        return total;
    }

    private static double Sum(ReadOnlySpan<float> x)
    {
        Vector512<double> even = Vector512<double>.Zero, odd = even;
        ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(x);
        foreach (Vector512<float> vector in vectors)
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(vector);
            even += lower * lower;
            odd += upper * upper;
        }

        even += odd;
        double sum = 0;
        for (int i = 0; i < Vector512<double>.Count; i++)
            sum += even[i];
        foreach (float value in x[(vectors.Length * Vector512<float>.Count)..])
            sum += (double)value * value;
        return sum;
    }

    private readonly struct BlockAction(ReadOnlyMemory<float> x, double[] sums) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            ReadOnlySpan<float> rest = x.Span[(index * Block)..];
            sums[index] = Sum(rest[..Math.Min(Block, rest.Length)]);
        }
    }
}
