using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// One set of output pixels that all see the same taps: all of them in a forward pass; in a backward pass with stride s, those of
/// one residue modulo s. Holds the offset tables by which the GEMM tiles walk source and destination.
/// </summary>
internal sealed class GridPhase
{
    public GridPhase(SlidingSource source, PixelChunks chunks, FilterTap[] taps, DestinationAxis rows, DestinationAxis columns, nint destinationImage, int groupChannels, int reductionLimit)
    {
        Rows = rows;
        Columns = columns;
        Taps = taps;
        Terms = taps.Length * groupChannels;
        (GemmRun[] runs, Blocks) = ReductionBlock.Cut(taps, source, groupChannels, reductionLimit);
        Runs = new AlignedBuffer<GemmRun>(runs.Length);
        runs.CopyTo(Runs.Span);

        // A band starts at any grid row and is clipped when it runs; whole images hold their valid rows only.
        int firstRow = chunks.Bands > 1 ? 0 : rows.First;
        int rowCount = chunks.Bands > 1 ? chunks.Rows : rows.Count;
        SourceOffsets = new AlignedBuffer<nint>(chunks.Images * rowCount * columns.Count);
        DestinationOffsets = new AlignedBuffer<nint>(SourceOffsets.Length);
        int at = 0;
        for (int image = 0; image < chunks.Images; image++)
        {
            for (int row = firstRow; row < firstRow + rowCount; row++)
            {
                for (int column = columns.First; column < columns.First + columns.Count; column++, at++)
                {
                    SourceOffsets.Span[at] = (image * source.ImageStep) + (row * source.WindowRowStep) + (column * source.WindowColumnStep);
                    DestinationOffsets.Span[at] = (image * destinationImage) + (row * rows.Step) + (column * columns.Step);
                }
            }
        }
    }

    public DestinationAxis Rows { get; }

    public DestinationAxis Columns { get; }

    /// <summary>Floats from the destination image's start to its pixel of grid (0, 0).</summary>
    public nint DestinationOrigin => Rows.Origin + Columns.Origin;

    public FilterTap[] Taps { get; }

    /// <summary>Terms of one output: taps × channels of a group.</summary>
    public int Terms { get; }

    public ReductionBlock[] Blocks { get; }

    public AlignedBuffer<GemmRun> Runs { get; }

    public AlignedBuffer<nint> SourceOffsets { get; }

    public AlignedBuffer<nint> DestinationOffsets { get; }

    /// <summary>Where the phase's panels begin in the packed filter.</summary>
    public nint PackedOffset { get; init; }
}
