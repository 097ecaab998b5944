using System.Runtime.Intrinsics;

namespace CnnFast.Graphs;

/// <summary>Sums of floats in double, in an order that depends on no machine.</summary>
internal static class DoubleSums
{
    /// <summary>Σ x.</summary>
    public static double Of(ReadOnlySpan<float> x)
    {
        Vector256<double> first = default;
        Vector256<double> second = default;
        int i = 0;
        for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Create(x[i..]));
            first += lower;
            second += upper;
        }

        double sum = Total(first + second);
        for (; i < x.Length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>Adds every element to a sum of its own.</summary>
    public static void Add(ReadOnlySpan<float> x, Span<double> sums)
    {
        sums = sums[..x.Length];
        for (int i = 0; i < x.Length; i++)
            sums[i] += x[i];
    }

    private static double Total(Vector256<double> sums) => sums[0] + sums[1] + (sums[2] + sums[3]);
}
