using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Losses over contiguous elements: their sum, which <see cref="RowReductions{L,V,I}"/> forms in 16 virtual lanes, gradients and
/// predictions. The bits depend on neither threads nor vector width. A partial vector touches only the rest.
/// </summary>
internal static unsafe class LossLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>The sum of the losses; writes predictions, and gradients times a factor, where their pointer is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run<TLoss>(float* x, float* targets, float* predictions, float* dx, nint count, float scale)
        where TLoss : struct, IElementLoss =>
        RowReductions<L, V, I>.Sum(count, new Term<TLoss>(x, targets, predictions, dx, L.Create(scale)));

    private readonly struct Term<TLoss>(float* x, float* targets, float* predictions, float* dx, V scale) : IReductionTerm<V>
        where TLoss : struct, IElementLoss
    {
        private readonly float* _x = x;
        private readonly float* _targets = targets;
        private readonly float* _predictions = predictions;
        private readonly float* _dx = dx;
        private readonly V _scale = scale;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i)
        {
            V loss = TLoss.Invoke<L, V, I>(L.Load(_x + i), L.Load(_targets + i), out V gradient, out V prediction);
            if (_predictions is not null)
                L.Store(_predictions + i, prediction);
            if (_dx is not null)
                L.Store(_dx + i, L.Multiply(gradient, _scale));
            return L.Add(sum, loss);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count)
        {
            V x = L.LoadPartial(_x + i, count), target = L.LoadPartial(_targets + i, count);
            V loss = TLoss.Invoke<L, V, I>(x, target, out V gradient, out V prediction);
            if (_predictions is not null)
                L.StorePartial(_predictions + i, prediction, count);
            if (_dx is not null)
                L.StorePartial(_dx + i, L.Multiply(gradient, _scale), count);
            return L.Add(sum, RowReductions<L, V, I>.First(loss, count, L.Create(0f)));
        }
    }
}
