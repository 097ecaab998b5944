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
        (string Name, IEnumerable<ValueLifetime> Order)[] strategies =
        [
            ("largest first", all.OrderByDescending(value => value.Length).ThenBy(value => value.First).ThenBy(value => value.Id)),
            ("in order of execution", all.OrderBy(value => value.First).ThenByDescending(value => value.Length).ThenBy(value => value.Id)),
            ("busiest step first", BusiestFirst(all)),
        ];
        (Dictionary<int, long> Offsets, long Length, string Name) best = ([], long.MaxValue, "");
        foreach ((string name, IEnumerable<ValueLifetime> order) in strategies)
        {
            (Dictionary<int, long> offsets, long floats) = Place(order);
            if (floats < best.Length)
                best = (offsets, floats, name);
        }

        length = best.Length;
        return length <= Array.MaxLength - ArenaAlignment.Floats
            ? new MemoryPlan(best.Offsets.ToDictionary(pair => pair.Key, pair => (int)pair.Value), (int)length, LowerBound(all), best.Name)
            : null;
    }

    private static (Dictionary<int, long> Offsets, long Length) Place(IEnumerable<ValueLifetime> order)
    {
        var placed = new List<(ValueLifetime Value, long Offset)>();
        var offsets = new Dictionary<int, long>();
        long length = 0;
        foreach (ValueLifetime value in order)
        {
            long offset = LowestFree(placed, value);
            length = Math.Max(length, offset + ArenaAlignment.RoundUp(value.Length));
            placed.Add((value, offset));
            offsets.Add(value.Id, offset);
        }

        return (offsets, length);
    }

    private static long LowestFree(List<(ValueLifetime Value, long Offset)> placed, ValueLifetime value)
    {
        long offset = 0;
        long needed = ArenaAlignment.RoundUp(value.Length);
        foreach ((ValueLifetime other, long start) in placed.Where(item => item.Value.Overlaps(value)).OrderBy(item => item.Offset))
        {
            if (offset + needed <= start)
                break;
            offset = Math.Max(offset, start + ArenaAlignment.RoundUp(other.Length));
        }

        return offset;
    }

    // Values by the fullest step in which they are alive, then by size.
    private static IEnumerable<ValueLifetime> BusiestFirst(ValueLifetime[] values)
    {
        Dictionary<int, long> live = LiveLengths(values);
        return values.OrderByDescending(value => Enumerable.Range(value.First, value.Last - value.First + 1).Max(step => live[step]))
            .ThenByDescending(value => value.Length)
            .ThenBy(value => value.Id);
    }

    private static long LowerBound(ValueLifetime[] values) => LiveLengths(values).Values.DefaultIfEmpty().Max();

    private static Dictionary<int, long> LiveLengths(ValueLifetime[] values)
    {
        var live = new Dictionary<int, long>();
        foreach (ValueLifetime value in values)
        {
            for (int step = value.First; step <= value.Last; step++)
                live[step] = live.GetValueOrDefault(step) + ArenaAlignment.RoundUp(value.Length);
        }

        return live;
    }
}
