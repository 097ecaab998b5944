using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The outputs of a depthwise convolution that see the same taps: all of them in a forward pass, those of one residue modulo
/// the stride in a data gradient.
/// </summary>
internal sealed class DepthwisePhase
{
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="planes">Terms of one tap: the channels of the source that one output channel reads.</param>
    /// <param name="pixel">Floats between two pixels of the source.</param>
    /// <param name="origin">The column that a source row starts with.</param>
    /// <param name="packedOffset">Where the phase's panels begin in the packed filter.</param>
    public DepthwisePhase(DepthwiseAxis rows, DepthwiseAxis columns, int planes, nint pixel, int origin, nint packedOffset)
    {
        Rows = rows;
        Columns = columns;
        PackedOffset = packedOffset;
        Terms = rows.Taps.Length * columns.Taps.Length * planes;
        List<DepthwiseRun> runs = [];
        for (int row = 0; row < rows.Taps.Length; row++)
        {
            for (int tap = 0; tap < columns.Taps.Length;)
            {
                nint column = columns.Offsets[tap] - origin;
                DepthwiseRunKind kind = planes == 1 ? KindAt(columns, tap) : DepthwiseRunKind.One;
                int taps = kind switch { DepthwiseRunKind.One => 1, DepthwiseRunKind.Two => 2, DepthwiseRunKind.FiveByTwo => 5, _ => 3 };
                for (int plane = 0; plane < planes; plane++)
                    runs.Add(new DepthwiseRun(row, (column * pixel) + (plane * (pixel / planes)), column, taps, kind));
                tap += taps;
            }
        }

        Runs = new AlignedBuffer<DepthwiseRun>(runs.Count);
        runs.CopyTo(Runs.Span);
    }

    public DepthwiseAxis Rows { get; }

    public DepthwiseAxis Columns { get; }

    public nint PackedOffset { get; }

    /// <summary>Terms of one output.</summary>
    public int Terms { get; }

    public AlignedBuffer<DepthwiseRun> Runs { get; }

    private static DepthwiseRunKind KindAt(DepthwiseAxis columns, int tap)
    {
        int next = Distance(columns, tap);
        int afterNext = Distance(columns, tap + 1);
        if (next == columns.Step)
            return afterNext == columns.Step ? DepthwiseRunKind.Three : DepthwiseRunKind.Two;
        if (columns.Step != 2 || next != 1 || afterNext != 1)
            return DepthwiseRunKind.One;
        return Distance(columns, tap + 2) == 1 && Distance(columns, tap + 3) == 1
            ? DepthwiseRunKind.FiveByTwo
            : DepthwiseRunKind.ThreeByTwo;
    }

    private static int Distance(DepthwiseAxis columns, int tap) =>
        tap + 1 < columns.Offsets.Length ? columns.Offsets[tap + 1] - columns.Offsets[tap] : 0;
}
