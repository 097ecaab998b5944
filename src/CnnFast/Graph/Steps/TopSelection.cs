using System.Numerics;

namespace CnnFast.Graphs;

/// <summary>Finds the largest or smallest elements of a row. Of equal ones the first comes first.</summary>
internal static class TopSelection
{
    /// <summary>
    /// Writes where the best elements are, the best first: a heap of the best so far, the worst of them on top, then sorted.
    /// </summary>
    /// <param name="values">The row.</param>
    /// <param name="heap">Receives the places; at least <paramref name="size"/>.</param>
    /// <param name="size">How many.</param>
    /// <param name="largest">Whether the largest are the best.</param>
    public static void Select<T>(ReadOnlySpan<T> values, Span<int> heap, int size, bool largest)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < size; i++)
            heap[i] = i;
        for (int i = (size / 2) - 1; i >= 0; i--)
            Sink(values, heap[..size], i, largest);
        for (int i = size; i < values.Length; i++)
        {
            if (!Precedes(values, i, heap[0], largest))
                continue;
            heap[0] = i;
            Sink(values, heap[..size], 0, largest);
        }

        for (int end = size - 1; end > 0; end--)
        {
            (heap[0], heap[end]) = (heap[end], heap[0]);
            Sink(values, heap[..end], 0, largest);
        }
    }

    private static void Sink<T>(ReadOnlySpan<T> values, Span<int> heap, int at, bool largest)
        where T : unmanaged, INumber<T>
    {
        while (true)
        {
            int worst = at;
            int child = (2 * at) + 1;
            if (child < heap.Length && Precedes(values, heap[worst], heap[child], largest))
                worst = child;
            if (child + 1 < heap.Length && Precedes(values, heap[worst], heap[child + 1], largest))
                worst = child + 1;
            if (worst == at)
                return;
            (heap[at], heap[worst]) = (heap[worst], heap[at]);
            at = worst;
        }
    }

    // NaN stands behind all numbers.
    private static bool Precedes<T>(ReadOnlySpan<T> values, int a, int b, bool largest)
        where T : unmanaged, INumber<T>
    {
        T x = values[a];
        T y = values[b];
        if (T.IsNaN(x) || T.IsNaN(y))
            return T.IsNaN(x) == T.IsNaN(y) ? a < b : T.IsNaN(y);
        if (x == y)
            return a < b;
        return largest ? x > y : x < y;
    }
}
