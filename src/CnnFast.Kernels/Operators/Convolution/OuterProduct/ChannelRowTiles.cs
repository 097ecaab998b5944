using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Tiles whose rows are output channels and whose lanes are filter elements: vectors of a filter row, read from x or a slab of it, for few
/// output channels of one group. What lanes behind the end of a filter row sum up is dropped.
/// </summary>
internal sealed unsafe class ChannelRowTiles : GradientTiles
{
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly AlignedBuffer<nint> _outputOffsets;
    private readonly AlignedBuffer<nint> _vectorOffsets;
    private readonly nint _dyStep;

    public ChannelRowTiles(Conv2DGeometry g, GemmOuterKernel kernel, InputReader input, DyInPlace dy)
        : base(kernel, input, dy, g.GroupOC, g.KH * RunFloats(g, kernel))
    {
        _dyStep = dy.Step;
        _rowOffsets = new AlignedBuffer<nint>(Tiles * kernel.MR);
        _outputOffsets = new AlignedBuffer<nint>(_rowOffsets.Length);
        for (int row = 0; row < _rowOffsets.Length; row++)
        {
            _rowOffsets.Span[row] = Math.Min(row, g.OC - 1);
            _outputOffsets.Span[row] = row * SumColumns;
        }

        int vectors = RunFloats(g, kernel) / kernel.VectorFloats;
        _vectorOffsets = new AlignedBuffer<nint>(Panels * (kernel.NR / kernel.VectorFloats));
        for (int vector = 0; vector < _vectorOffsets.Length; vector++)
        {
            (int a, int j) = Math.DivRem(Math.Min(vector, (g.KH * vectors) - 1), vectors);
            _vectorOffsets.Span[vector] = input.Offset(a * g.KW, 0) + ((nint)j * kernel.VectorFloats);
        }
    }

    /// <summary>Floats from a row of the sums to the next.</summary>
    public nint SumColumns => (nint)Panels * Kernel.NR;

    /// <summary>Floats of a filter row of the sums: whole vectors.</summary>
    public static int RunFloats(Conv2DGeometry g, GemmOuterKernel kernel) =>
        ((g.KW * g.GroupC) + kernel.VectorFloats - 1) / kernel.VectorFloats * kernel.VectorFloats;

    public override void Add(in GradientUnit unit, in PixelBlock block, ref ReadAhead ahead)
    {
        int vectors = Kernel.NR / Kernel.VectorFloats;
        GemmOuterTile tile;
        tile.Adds = block.Adds;
        tile.Rows = block.Rows;
        tile.Columns = block.Columns;
        tile.A = block.Dy;
        tile.APixelRows = Dy.Rows;
        tile.AStep = _dyStep;
        tile.BPixelRows = block.XRows;
        tile.BStep = Input.PixelStep;
        Dy.Begin(unit, block);
        for (int panel = 0; panel < Panels; panel++)
        {
            nint* offsets = _vectorOffsets.Pointer + (panel * vectors);
            tile.B = block.X + offsets[0];
            tile.SecondVector = offsets[vectors - 1] - offsets[0];
            tile.C = unit.Sums + ((nint)panel * Kernel.NR);
            for (int t = 0; t < Tiles; t++)
            {
                tile.RowOffsets = _rowOffsets.Pointer + (t * Kernel.MR);
                tile.OutputOffsets = _outputOffsets.Pointer + (t * Kernel.MR);
                tile.Ahead = ahead.Take(block.Pixels, tile.B);
                Kernel.Run(&tile);
            }
        }
    }
}
