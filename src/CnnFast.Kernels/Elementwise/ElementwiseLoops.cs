using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Kernels over contiguous floats: whole vectors, then one partial vector that loads and stores only the rest and rounds like the body.
/// An output may be the same memory as an input (not a shifted part of it). The scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class ElementwiseLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unary<TOperation>(float* x, float* y, nint count)
        where TOperation : struct, IUnaryOperation
    {
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(y + i, TOperation.Invoke<L, V, I>(L.Load(x + i)));
        if (i < count)
            L.StorePartial(y + i, TOperation.Invoke<L, V, I>(L.LoadPartial(x + i, count - i)), count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Binary<TOperation>(float* a, float* b, float* y, nint count)
        where TOperation : struct, IBinaryOperation
    {
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(y + i, TOperation.Invoke<L, V, I>(L.Load(a + i), L.Load(b + i)));
        if (i < count)
            L.StorePartial(y + i, TOperation.Invoke<L, V, I>(L.LoadPartial(a + i, count - i), L.LoadPartial(b + i, count - i)), count - i);
    }

    /// <summary>y = factor·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, float* y, nint count, float factor)
    {
        V factors = L.Create(factor);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(y + i, L.Multiply(L.Load(x + i), factors));
        if (i < count)
            L.StorePartial(y + i, L.Multiply(L.LoadPartial(x + i, count - i), factors), count - i);
    }

    /// <summary>y = factor·x + addend, rounded twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine(float* x, float* y, nint count, float factor, float addend)
    {
        V factors = L.Create(factor);
        V addends = L.Create(addend);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(y + i, L.Add(L.Multiply(L.Load(x + i), factors), addends));
        if (i < count)
            L.StorePartial(y + i, L.Add(L.Multiply(L.LoadPartial(x + i, count - i), factors), addends), count - i);
    }

    /// <summary>y = kept ? x·scale : 0, where element <paramref name="first"/> + i of the mask decides on x[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dropout(float* x, float* y, nint count, int first, DropoutMask* mask)
    {
        I key0 = L.CreateInt(mask->Key0);
        I key1 = L.CreateInt(mask->Key1);
        I threshold = L.CreateInt(mask->Threshold);
        V scale = L.Create(mask->Scale);
        V zero = L.Create(0f);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(y + i, L.SelectGreaterInt(threshold, Hash(first + (int)i, key0, key1), zero, L.Multiply(L.Load(x + i), scale)));
        if (i < count)
            L.StorePartial(y + i, L.SelectGreaterInt(threshold, Hash(first + (int)i, key0, key1), zero,
                L.Multiply(L.LoadPartial(x + i, count - i), scale)), count - i);
    }

    /// <summary>24 random bits for each lane: two rounds of a multiply-xorshift mixer over (index, key).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static I Hash(int index, I key0, I key1)
    {
        I h = L.AddInt(L.AddInt(L.CreateInt(index), L.Indices), key0);
        h = L.MultiplyInt(L.Xor(h, L.ShiftRightLogical(h, 16)), L.CreateInt(0x7FEB352D));
        h = L.MultiplyInt(L.Xor(h, L.ShiftRightLogical(h, 15)), L.CreateInt(unchecked((int)0x846CA68B)));
        h = L.Xor(L.Xor(h, L.ShiftRightLogical(h, 16)), key1);
        h = L.MultiplyInt(L.Xor(h, L.ShiftRightLogical(h, 16)), L.CreateInt(0x7FEB352D));
        h = L.MultiplyInt(L.Xor(h, L.ShiftRightLogical(h, 15)), L.CreateInt(unchecked((int)0x846CA68B)));
        return L.ShiftRightLogical(L.Xor(h, L.ShiftRightLogical(h, 16)), 8);
    }
}
