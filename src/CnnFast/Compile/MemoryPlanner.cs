using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Places values in one arena so that values that are alive at the same time never overlap: largest first, each at the lowest place
/// that is free for its lifetime.
/// </summary>
internal static class MemoryPlanner
{
    /// <summary>Plans the arena.</summary>
    /// <param name="values">The values; ids need not be dense.</param>
    /// <param name="what">Starts the sentence when the arena would be too large.</param>
    /// <returns>The offset of each value in floats, and the length of the arena.</returns>
    /// <exception cref="ShapeException">The arena would hold more floats than one buffer can.</exception>
    public static (Dictionary<int, int> Offsets, int Length) Plan(IEnumerable<ValueLifetime> values, string what)
    {
        var placed = new List<(ValueLifetime Value, long Offset)>();
        var offsets = new Dictionary<int, int>();
        long length = 0;
        foreach (ValueLifetime value in values.OrderByDescending(value => value.Length).ThenBy(value => value.First).ThenBy(value => value.Id))
        {
            long offset = LowestFree(placed, value);
            long end = offset + ArenaAlignment.RoundUp(value.Length);
            length = Math.Max(length, end);
            if (length > Array.MaxLength - ArenaAlignment.Floats)
                throw new ShapeException($"{what} needs {length * sizeof(float)} bytes for its activations; expected at most {(long)Array.MaxLength * sizeof(float)}: lower the batch.");
            placed.Add((value, offset));
            offsets.Add(value.Id, (int)offset);
        }

        return (offsets, (int)length);
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
}
