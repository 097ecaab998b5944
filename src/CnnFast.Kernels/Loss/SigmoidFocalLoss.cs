using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Focal loss of a yes or no of a logit x: a·q^γ·CE, where CE is the cross-entropy, q = σ(−x)·t + σ(x)·(1 − t) how far the prediction is
/// from the target, and a = α·t + (1 − α)·(1 − t), or 1 where α is negative (Lin et al. 2017, equations 4 and 5). The derivative is
/// a·(q^γ·((1 − t)·σ(x) − t·σ(−x)) + γ·q^(γ − 1)·σ(x)·σ(−x)·(1 − 2·t)·CE).
/// </summary>
/// <param name="gamma">γ, at least 0.</param>
/// <param name="alpha">α, from 0 to 1; negative where both sides count 1.</param>
internal readonly struct SigmoidFocalLoss(float gamma, float alpha) : IElementLoss
{
    private readonly float _gamma = gamma;
    private readonly float _alpha = alpha;

    public static string Name => "SigmoidFocal";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<L, V, I>(V x, V target, V positiveWeight, out V gradient)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f), one = L.Create(1f);
        LogisticParts<V> parts = LogisticParts<V>.Of<L, I>(x);
        V no = L.Subtract(one, target);
        V loss = L.MultiplyAdd(target, parts.LossOfYes, L.Multiply(no, parts.LossOfNo));
        V slope = L.Subtract(L.Multiply(no, parts.Yes), L.Multiply(target, parts.No));
        if (_gamma > 0f)
        {
            V q = L.MultiplyAdd(target, parts.No, L.Multiply(no, parts.Yes));
            V power = Exponential.Invoke<L, V, I>(L.Multiply(L.Create(_gamma), Logarithm.Invoke<L, V, I>(q)));
            V share = L.Divide(L.Multiply(parts.Yes, parts.No), q);
            V bend = L.Multiply(L.Multiply(L.Create(_gamma), share), L.Multiply(L.Subtract(no, target), loss));
            gradient = L.SelectEqualOrNaN(q, zero, q, L.Multiply(power, L.Add(slope, bend)));
            loss = L.SelectEqualOrNaN(q, zero, q, L.Multiply(power, loss));
        }
        else
        {
            gradient = slope;
        }

        if (_alpha < 0f)
            return loss;
        V side = L.MultiplyAdd(target, L.Create(_alpha), L.Multiply(no, L.Create(1f - _alpha)));
        gradient = L.Multiply(gradient, side);
        return L.Multiply(loss, side);
    }
}
