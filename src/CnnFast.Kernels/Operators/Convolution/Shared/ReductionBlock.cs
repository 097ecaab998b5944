using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>A block of the reduction, short enough that its panel stays in cache.</summary>
/// <param name="FirstRun">The first of its runs.</param>
/// <param name="RunCount">Its runs.</param>
/// <param name="FirstTerm">The term of the reduction that it starts with.</param>
internal readonly record struct ReductionBlock(int FirstRun, int RunCount, int FirstTerm)
{
    /// <summary>
    /// Cuts a reduction over taps × channels into runs that are contiguous in the source, and the runs into blocks of at most
    /// <paramref name="limit"/> terms. The order of the terms is that of the taps, then channels.
    /// </summary>
    public static (GemmRun[] Runs, ReductionBlock[] Blocks) Cut(ReadOnlySpan<FilterTap> taps, SlidingSource source, int groupChannels,
        int limit)
    {
        var stretches = new List<GemmRun>();
        foreach (FilterTap tap in taps)
        {
            nint offset = (tap.Row * source.RowStride) + ((nint)tap.Column * source.Channels);
            if (stretches.Count > 0 && stretches[^1].Offset + stretches[^1].Length == offset)
                stretches[^1] = stretches[^1] with { Length = stretches[^1].Length + groupChannels };
            else
                stretches.Add(new GemmRun(offset, groupChannels));
        }

        var runs = new List<GemmRun>();
        foreach (GemmRun stretch in stretches)
        {
            nint pieces = (stretch.Length + limit - 1) / limit;
            nint step = (stretch.Length + pieces - 1) / pieces;
            for (nint at = 0; at < stretch.Length; at += step)
                runs.Add(new GemmRun(stretch.Offset + at, Math.Min(step, stretch.Length - at)));
        }

        var blocks = new List<ReductionBlock>();
        int first = 0;
        int term = 0;
        while (first < runs.Count)
        {
            int end = first;
            nint terms = 0;
            while (end < runs.Count && (end == first || terms + runs[end].Length <= limit))
                terms += runs[end++].Length;
            blocks.Add(new ReductionBlock(first, end - first, term));
            term += (int)terms;
            first = end;
        }

        return ([.. runs], [.. blocks]);
    }
}
