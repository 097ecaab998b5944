using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>A <see cref="TapPhase"/> with the offset tables by which the GEMM tiles walk source and destination.</summary>
internal sealed class GridPhase
{
    /// <summary>Lays out the tables.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="phase">One of its phases.</param>
    /// <param name="chunks">How the batch is cut.</param>
    /// <param name="packedOffset">Where the phase's panels begin in the packed filter.</param>
    public GridPhase(ConvolutionPass pass, TapPhase phase, PixelChunks chunks, nint packedOffset)
    {
        SlidingSource source = pass.Source;
        (Taps, DestinationAxis rows, DestinationAxis columns) = phase;
        Rows = rows;
        Columns = columns;
        PackedOffset = packedOffset;
        Terms = Taps.Length * pass.GroupIn;
        (GemmRun[] runs, Blocks) = ReductionBlock.Cut(Taps, source, pass.GroupIn, PanelPlan.ReductionLimit);
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
                    SourceOffsets.Span[at] =
                        (image * source.ImageStep) + (row * source.WindowRowStep) + (column * source.WindowColumnStep);
                    DestinationOffsets.Span[at] = (image * pass.ImageStep) + (row * rows.Step) + (column * columns.Step);
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
    public nint PackedOffset { get; }
}
