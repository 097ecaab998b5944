using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Tiles whose rows are filter elements (a, b, c) and whose lanes are output channels. The sums lie as the filter does.</summary>
internal sealed unsafe class FilterRowTiles : GradientTiles
{
    private readonly Conv2DGeometry _g;
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly AlignedBuffer<nint> _outputOffsets;
    private readonly AlignedBuffer<nint> _scratchOffsets;

    public FilterRowTiles(Conv2DGeometry g, GemmOuterKernel kernel, InputReader input, DyPanels dy)
        : base(kernel, input, dy, g.KH * g.KW * g.GroupC, g.GroupOC)
    {
        _g = g;
        _rowOffsets = new AlignedBuffer<nint>(Tiles * kernel.MR);
        _outputOffsets = new AlignedBuffer<nint>(_rowOffsets.Length);
        for (int row = 0; row < _rowOffsets.Length; row++)
        {
            (int tap, int channel) = input.Term(Math.Min(row, Rows - 1));
            _rowOffsets.Span[row] = input.Offset(tap, channel);
            _outputOffsets.Span[row] = (((nint)tap * g.GroupC) + channel) * g.OC;
        }

        _scratchOffsets = new AlignedBuffer<nint>(kernel.MR);
        for (int row = 0; row < kernel.MR; row++)
            _scratchOffsets.Span[row] = (nint)row * kernel.NR;
    }

    public override void Add(in GradientUnit unit, in PixelBlock block, ref ReadAhead ahead)
    {
        GemmOuterTile tile;
        tile.Adds = block.Adds;
        tile.Rows = block.Rows;
        tile.Columns = block.Columns;
        tile.APixelRows = block.XRows;
        tile.AStep = Input.PixelStep;
        tile.BPixelRows = Dy.Rows;
        tile.BStep = Dy.Step;
        tile.SecondVector = Kernel.VectorFloats;
        Dy.Begin(unit, block);
        for (int panel = unit.Panels.First; panel < unit.Panels.End; panel++)
        {
            int group = panel / Panels;
            int column = (panel - (group * Panels)) * Kernel.NR;
            int width = Math.Min(Kernel.NR, _g.GroupOC - column);
            int channel = (group * _g.GroupOC) + column;
            tile.B = Dy.Panel(unit, block, channel, width);
            tile.A = block.X + Input.Offset(0, group * _g.GroupC);
            AddTiles(unit, &tile, unit.Sums + channel, width, ref ahead);
        }
    }

    // Tiles that lack rows or columns go through scratch memory, from which only what exists is taken.
    private void AddTiles(in GradientUnit unit, GemmOuterTile* tile, float* sums, int width, ref ReadAhead ahead)
    {
        int mr = Kernel.MR;
        int nr = Kernel.NR;
        bool adds = tile->Adds;
        nint pixels = tile->Rows * tile->Columns;
        for (int t = unit.Tiles.First; t < unit.Tiles.End; t++)
        {
            int firstRow = t * mr;
            nint* outputs = _outputOffsets.Pointer + firstRow;
            tile->RowOffsets = _rowOffsets.Pointer + firstRow;
            tile->Ahead = ahead.Take(pixels, tile->B);
            int rows = Math.Min(mr, Rows - firstRow);
            if (rows == mr && width == nr)
            {
                tile->C = sums;
                tile->OutputOffsets = outputs;
                Kernel.Run(tile);
                continue;
            }

            tile->C = unit.Scratch;
            tile->OutputOffsets = _scratchOffsets.Pointer;
            tile->Adds = false;
            Kernel.Run(tile);
            tile->Adds = adds;
            for (int row = 0; row < rows; row++)
            {
                if (adds)
                    SumRows.Add(unit.Scratch + (row * nr), sums + outputs[row], width);
                else
                    SumRows.Copy(unit.Scratch + (row * nr), sums + outputs[row], width);
            }
        }
    }
}
