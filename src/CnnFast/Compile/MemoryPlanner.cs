using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Places values in one arena so that values that are alive at the same time never overlap. Each is placed where it is free for its
/// lifetime; the order decides how much is lost between them, so three are tried and the shortest arena is taken (the orders of Pisarchyk
/// and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020).
/// </summary>
internal static class MemoryPlanner
{
    /// <summary>Plans the arena.</summary>
    /// <param name="values">The values; ids need not be dense.</param>
    /// <param name="what">Starts the sentence when the arena would be too large.</param>
    /// <exception cref="ShapeException">The arena would hold more floats than one buffer can.</exception>
    public static MemoryPlan Plan(IEnumerable<ValueLifetime> values, string what) => Find(values, out long length)
        ?? throw new ShapeException($"{what} needs {length * sizeof(float)} bytes for its activations; " +
            $"expected at most {(long)Array.MaxLength * sizeof(float)}: lower the batch.");

    /// <summary>Plans the arena; null where it would hold more floats than one buffer can.</summary>
    /// <param name="values">The values; ids need not be dense.</param>
    /// <param name="length">Floats of the arena.</param>
    public static MemoryPlan? Find(IEnumerable<ValueLifetime> values, out long length)
    {
        ValueLifetime[] all = [.. values];
        long[] live = LiveLengths(all);
        (string Name, ValueLifetime[] Order)[] strategies =
        [
            ("largest first", Sorted(all, (a, b) => First(b.Length.CompareTo(a.Length), a.First.CompareTo(b.First), a.Id.CompareTo(b.Id)))),
            ("in order of execution",
                Sorted(all, (a, b) => First(a.First.CompareTo(b.First), b.Length.CompareTo(a.Length), a.Id.CompareTo(b.Id)))),
            // By the fullest step in which they are alive, then by size.
            ("busiest step first", Sorted(all, (a, b) =>
                First(Fullest(live, b).CompareTo(Fullest(live, a)), b.Length.CompareTo(a.Length), a.Id.CompareTo(b.Id)))),
        ];
        (List<PlacedValue> Values, long Length, string Name) best = ([], long.MaxValue, "");
        foreach ((string name, ValueLifetime[] order) in strategies)
        {
            (List<PlacedValue> placed, long floats) = Place(order);
            if (floats < best.Length)
                best = (placed, floats, name);
        }

        length = best.Length;
        if (length > Array.MaxLength - ArenaAlignment.Floats)
            return null;
        var offsets = new Dictionary<int, int>();
        foreach (PlacedValue placed in best.Values)
            offsets.Add(placed.Value.Id, (int)placed.Offset);
        return new MemoryPlan(offsets, (int)length, LowerBound(live), best.Name);
    }

    // Comparisons of objects, unlike keys, need no code of their own in the runtime's sorts.
    private static ValueLifetime[] Sorted(ValueLifetime[] values, Comparison<ValueLifetime> compare)
    {
        var sorted = (ValueLifetime[])values.Clone();
        Array.Sort(sorted, compare);
        return sorted;
    }

    private static int First(int first, int second, int third) => first != 0 ? first : second != 0 ? second : third;

    // The values by their offsets.
    private static (List<PlacedValue> Values, long Length) Place(ValueLifetime[] order)
    {
        var placed = new List<PlacedValue>();
        long length = 0;
        foreach (ValueLifetime value in order)
        {
            long offset = LowestFree(placed, value);
            length = Math.Max(length, offset + ArenaAlignment.RoundUp(value.Length));
            int at = placed.Count;
            while (at > 0 && placed[at - 1].Offset > offset)
                at--;
            placed.Insert(at, new PlacedValue(value, offset));
        }

        return (placed, length);
    }

    private static long LowestFree(List<PlacedValue> placed, ValueLifetime value)
    {
        long offset = 0;
        long needed = ArenaAlignment.RoundUp(value.Length);
        foreach (PlacedValue other in placed)
        {
            if (!other.Value.Overlaps(value))
                continue;
            if (offset + needed <= other.Offset)
                break;
            offset = Math.Max(offset, other.Offset + ArenaAlignment.RoundUp(other.Value.Length));
        }

        return offset;
    }

    private static long Fullest(long[] live, ValueLifetime value)
    {
        long fullest = 0;
        for (int step = value.First; step <= value.Last; step++)
            fullest = Math.Max(fullest, live[step]);
        return fullest;
    }

    private static long LowerBound(long[] live)
    {
        long bound = 0;
        foreach (long length in live)
            bound = Math.Max(bound, length);
        return bound;
    }

    // The floats that are alive in each step.
    private static long[] LiveLengths(ValueLifetime[] values)
    {
        int last = -1;
        foreach (ValueLifetime value in values)
            last = Math.Max(last, value.Last);
        var live = new long[last + 1];
        foreach (ValueLifetime value in values)
        {
            for (int step = value.First; step <= value.Last; step++)
                live[step] += ArenaAlignment.RoundUp(value.Length);
        }

        return live;
    }

    private sealed record PlacedValue(ValueLifetime Value, long Offset);
}
