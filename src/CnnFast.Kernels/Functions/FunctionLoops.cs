using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// A function of single elements, and its gradient, over contiguous floats: whole vectors, then one partial vector that loads and stores
/// only the rest and rounds like the body.
/// An output may be the same memory as an input (not a shifted part of it). The scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class FunctionLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>y = f(x, alpha, beta).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<F>(float* x, float* y, nint count, float alpha, float beta)
        where F : struct, IElementFunction
    {
        V a = L.Create(alpha);
        V b = L.Create(beta);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(y + i, F.Forward<L, V, I>(L.Load(x + i), a, b));
        if (i < count)
            L.StorePartial(y + i, F.Forward<L, V, I>(L.LoadPartial(x + i, count - i), a, b), count - i);
    }

    /// <summary>dx = f′(value, alpha, beta)·dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<F>(float* value, float* dy, float* dx, nint count, float alpha, float beta)
        where F : struct, IElementFunction
    {
        V a = L.Create(alpha);
        V b = L.Create(beta);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(dx + i, F.Gradient<L, V, I>(L.Load(value + i), L.Load(dy + i), a, b));
        if (i < count)
            L.StorePartial(dx + i, F.Gradient<L, V, I>(L.LoadPartial(value + i, count - i), L.LoadPartial(dy + i, count - i), a, b),
                count - i);
    }
}
