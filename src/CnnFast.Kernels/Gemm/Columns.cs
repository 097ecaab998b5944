using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Loads and stores of the columns that exist: whole vectors, part of one, or nothing.</summary>
internal static unsafe class Columns
{
    /// <summary>
    /// Loads at most <paramref name="columns"/> lanes (which may be negative) and touches no other memory; the rest is zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<L, V, I>(float* from, nint columns)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        if (columns >= L.Count)
            return L.Load(from);
        return columns > 0 ? L.LoadPartial(from, columns) : L.Create(0f);
    }

    /// <summary>Stores at most <paramref name="columns"/> lanes (which may be negative) and touches no other memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<L, V, I>(float* to, V value, nint columns)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        if (columns >= L.Count)
            L.Store(to, value);
        else if (columns > 0)
            L.StorePartial(to, value, columns);
    }
}
