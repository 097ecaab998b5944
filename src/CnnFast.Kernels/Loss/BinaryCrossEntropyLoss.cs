using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Cross-entropy of a yes or no, −t·log σ(x) − (1 − t)·log(1 − σ(x)), of a logit x: max(x, 0) − x·t + log(1 + e^−|x|), which no x
/// overflows. The derivative is σ(x) − t, the prediction σ(x).
/// </summary>
internal readonly struct BinaryCrossEntropyLoss : IElementLoss
{
    public static string Name => "BinaryCrossEntropy";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V target, out V gradient, out V prediction)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f), one = L.Create(1f);
        V negative = L.Subtract(zero, x);
        V e = Exponential.Invoke<L, V, I>(L.SelectGreater(x, zero, negative, x));
        V sum = L.Add(one, e);
        prediction = L.Divide(L.SelectGreater(x, zero, one, e), sum);
        gradient = L.Subtract(prediction, target);

        // log(1 + e) to the last bits of a small e: the sum rounds, and e / (sum − 1) puts that right (Higham 2002, section 1.14.1).
        V rounded = L.Subtract(sum, one);
        V log = L.SelectEqualOrNaN(rounded, zero, e, L.Multiply(Logarithm.Invoke<L, V, I>(sum), L.Divide(e, rounded)));
        return L.Add(L.MultiplyAdd(negative, target, L.SelectGreater(x, zero, x, zero)), log);
    }
}
