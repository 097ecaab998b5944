using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>A <see cref="TapPhase"/> as <see cref="PlanarConvolution"/> walks it.</summary>
internal sealed class PlanarPhase
{
    /// <summary>Lays out the taps.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="groupChannels">Source channels of a group.</param>
    /// <param name="rowStride">Floats between two rows of a plane.</param>
    /// <param name="packedOffset">Where the phase's filter begins in the packed one.</param>
    public PlanarPhase(TapPhase phase, int groupChannels, nint rowStride, nint packedOffset)
    {
        (Taps, Rows, Columns) = phase;
        Terms = Taps.Length * groupChannels;
        PackedOffset = packedOffset;
        var runs = new List<GemmRun>();
        var tapRows = new List<int>();
        var firstTerms = new List<int>();
        foreach (FilterTap tap in Taps)
        {
            nint offset = (tap.Row * rowStride) + tap.Column;
            if (groupChannels == 1 && runs.Count > 0 && tapRows[^1] == tap.Row && runs[^1].Offset + runs[^1].Length == offset)
            {
                runs[^1] = runs[^1] with { Length = runs[^1].Length + 1 };
                continue;
            }

            tapRows.Add(tap.Row);
            firstTerms.Add(runs.Count == 0 ? 0 : firstTerms[^1] + (int)runs[^1].Length);
            runs.Add(new GemmRun(offset, groupChannels));
        }

        Runs = new AlignedBuffer<GemmRun>(runs.Count);
        runs.ToArray().CopyTo(Runs.Span);
        TapRows = [.. tapRows];
        FirstTerms = [.. firstTerms];
    }

    public FilterTap[] Taps { get; }

    public DestinationAxis Rows { get; }

    public DestinationAxis Columns { get; }

    /// <summary>Terms of one output: taps × channels of a group.</summary>
    public int Terms { get; }

    /// <summary>Where the phase's filter begins in the packed one.</summary>
    public nint PackedOffset { get; }

    /// <summary>
    /// Stretches of terms at even steps in the planes: the channels of a tap, or with one channel the taps of a filter row.
    /// </summary>
    public AlignedBuffer<GemmRun> Runs { get; }

    /// <summary>The row of each run's taps, from a window's start.</summary>
    public int[] TapRows { get; }

    /// <summary>The term that each run starts with.</summary>
    public int[] FirstTerms { get; }
}
