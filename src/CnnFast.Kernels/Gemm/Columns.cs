using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Loads and stores of the columns that exist: whole vectors, part of one, or nothing.</summary>
internal static unsafe class Columns
{
    /// <summary>
    /// Loads a vector of a row of which <paramref name="columns"/> exist, and touches no other memory; the rest is zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<L, V, I>(float* row, int vector, nint columns)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        // The size of a vector is known as soon as the compiler reads it, unlike a property.
        int first = vector * (sizeof(V) / sizeof(float));
        if (columns >= first + (sizeof(V) / sizeof(float)))
            return L.Load(row + first);
        return columns > first ? L.LoadPartial(row + first, columns - first) : default;
    }

    /// <summary>Stores a vector of a row of which <paramref name="columns"/> exist, and touches no other memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<L, V, I>(float* row, int vector, V value, nint columns)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        int first = vector * (sizeof(V) / sizeof(float));
        if (columns >= first + (sizeof(V) / sizeof(float)))
            L.Store(row + first, value);
        else if (columns > first)
            L.StorePartial(row + first, value, columns - first);
    }
}
