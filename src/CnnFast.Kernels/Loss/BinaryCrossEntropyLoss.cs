using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Cross-entropy of a yes or no of a logit x, −w·t·log σ(x) − (1 − t)·log(1 − σ(x)) with the weight w of a yes. With
/// −log σ(x) = max(−x, 0) + log(1 + e^−|x|) and −log(1 − σ(x)) = max(x, 0) + log(1 + e^−|x|) no x overflows and nothing cancels. The
/// derivative is (1 − t)·σ(x) − w·t·σ(−x).
/// </summary>
internal readonly struct BinaryCrossEntropyLoss : IElementLoss
{
    public static string Name => "BinaryCrossEntropy";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<L, V, I>(V x, V target, V positiveWeight, out V gradient)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        LogisticParts<V> parts = LogisticParts<V>.Of<L, I>(x);
        V yes = L.Multiply(positiveWeight, target), no = L.Subtract(L.Create(1f), target);
        gradient = L.Subtract(L.Multiply(no, parts.Yes), L.Multiply(yes, parts.No));
        return L.MultiplyAdd(yes, parts.LossOfYes, L.Multiply(no, parts.LossOfNo));
    }
}
