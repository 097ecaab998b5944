using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>What losses of a yes or no are made of, for a vector of logits x, each exact to its last digits however small.</summary>
/// <param name="Yes">σ(x).</param>
/// <param name="No">σ(−x) = 1 − σ(x).</param>
/// <param name="LossOfYes">−log σ(x).</param>
/// <param name="LossOfNo">−log σ(−x).</param>
internal readonly record struct LogisticParts<V>(V Yes, V No, V LossOfYes, V LossOfNo)
    where V : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LogisticParts<V> Of<L, I>(V x)
        where L : struct, ILanes<V, I>
        where I : unmanaged
    {
        V zero = L.Create(0f), one = L.Create(1f);
        V negative = L.Subtract(zero, x);
        V e = Exponential.Invoke<L, V, I>(L.SelectGreater(x, zero, negative, x));
        V sum = L.Add(one, e);
        V large = L.Divide(one, sum), small = L.Divide(e, sum);

        // log(1 + e) to the last bits of a small e: the sum rounds, and e / (sum − 1) puts that right (Higham 2002, section 1.14.1).
        V rounded = L.Subtract(sum, one);
        V log = L.SelectEqualOrNaN(rounded, zero, e, L.Multiply(Logarithm.Invoke<L, V, I>(sum), L.Divide(e, rounded)));
        return new LogisticParts<V>(
            L.SelectGreater(x, zero, large, small),
            L.SelectGreater(x, zero, small, large),
            L.Add(L.SelectGreater(x, zero, zero, negative), log),
            L.Add(L.SelectGreater(x, zero, x, zero), log));
    }
}
