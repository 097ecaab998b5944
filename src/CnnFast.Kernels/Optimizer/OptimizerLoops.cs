using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Parameter updates over contiguous floats: whole vectors, then one partial vector that loads and stores only the rest and rounds
/// like the body. Elements are independent, so the bits depend on neither threads nor vector width. The scalar twin is the same
/// code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class OptimizerLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>Changes weights and what is remembered of them; pointers to what a rule does not remember are not used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update<TRule>(float* weights, float* gradient, float* first, float* second, float* third, nint count, TRule* step)
        where TRule : unmanaged, IUpdateRule
    {
        TRule rule = *step;
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            V a = TRule.Remembered > 0 ? L.Load(first + i) : default;
            V b = TRule.Remembered > 1 ? L.Load(second + i) : default;
            V c = TRule.Remembered > 2 ? L.Load(third + i) : default;
            V w = rule.Update<L, V, I>(L.Load(weights + i), L.Load(gradient + i), ref a, ref b, ref c);
            if (TRule.Remembered > 0)
                L.Store(first + i, a);
            if (TRule.Remembered > 1)
                L.Store(second + i, b);
            if (TRule.Remembered > 2)
                L.Store(third + i, c);
            L.Store(weights + i, w);
        }

        if (i < count)
        {
            nint rest = count - i;
            V a = TRule.Remembered > 0 ? L.LoadPartial(first + i, rest) : default;
            V b = TRule.Remembered > 1 ? L.LoadPartial(second + i, rest) : default;
            V c = TRule.Remembered > 2 ? L.LoadPartial(third + i, rest) : default;
            V w = rule.Update<L, V, I>(L.LoadPartial(weights + i, rest), L.LoadPartial(gradient + i, rest), ref a, ref b, ref c);
            if (TRule.Remembered > 0)
                L.StorePartial(first + i, a, rest);
            if (TRule.Remembered > 1)
                L.StorePartial(second + i, b, rest);
            if (TRule.Remembered > 2)
                L.StorePartial(third + i, c, rest);
            L.StorePartial(weights + i, w, rest);
        }
    }
}
