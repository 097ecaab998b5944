using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Losses over contiguous elements: their sum, which <see cref="RowReductions{L,V,I}"/> forms in 16 virtual lanes, and their gradients. The
/// bits depend on neither threads nor vector width. A partial vector touches only the rest.
/// </summary>
internal static unsafe class LossLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>The weighted sum of the losses; writes gradients times a factor where they are wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run<TLoss>(LossElements* elements, nint count, TLoss* loss)
        where TLoss : unmanaged, IElementLoss => RowReductions<L, V, I>.Sum(count, new Term<TLoss>(*elements, *loss));

    private readonly struct Term<TLoss>(LossElements elements, TLoss loss) : IReductionTerm<V>
        where TLoss : unmanaged, IElementLoss
    {
        private readonly float* _x = elements.Outputs;
        private readonly float* _targets = elements.Targets;
        private readonly float* _weights = elements.Weights;
        private readonly float* _positiveWeights = elements.PositiveWeights;
        private readonly float* _dx = elements.Gradient;
        private readonly V _scale = L.Create(elements.Scale);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i)
        {
            V positive = _positiveWeights is null ? L.Create(1f) : L.Load(_positiveWeights + i);
            V value = loss.Invoke<L, V, I>(L.Load(_x + i), L.Load(_targets + i), positive, out V gradient);
            gradient = L.Multiply(gradient, _scale);
            if (_weights is not null)
                Weight(L.Load(_weights + i), ref value, ref gradient);
            if (_dx is not null)
                L.Store(_dx + i, gradient);
            return L.Add(sum, value);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count)
        {
            V positive = _positiveWeights is null ? L.Create(1f) : L.LoadPartial(_positiveWeights + i, count);
            V value = loss.Invoke<L, V, I>(L.LoadPartial(_x + i, count), L.LoadPartial(_targets + i, count), positive, out V gradient);
            gradient = L.Multiply(gradient, _scale);
            if (_weights is not null)
                Weight(L.LoadPartial(_weights + i, count), ref value, ref gradient);
            if (_dx is not null)
                L.StorePartial(_dx + i, gradient, count);
            return L.Add(sum, RowReductions<L, V, I>.First(value, count, L.Create(0f)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Weight(V weight, ref V loss, ref V gradient)
        {
            V zero = L.Create(0f);
            loss = L.SelectEqualOrNaN(weight, zero, zero, L.Multiply(loss, weight));
            gradient = L.SelectEqualOrNaN(weight, zero, zero, L.Multiply(gradient, weight));
        }
    }
}
