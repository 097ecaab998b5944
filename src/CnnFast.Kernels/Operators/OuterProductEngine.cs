using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The engine behind <see cref="Conv2DBackwardFilter"/>. Rows of its tiles are filter elements (a, b, c), columns are output channels, the
/// reduction runs over pixels. A split of the batch owns one set of sums [group, panel, tile, MR, NR]; units are splits × ranges of
/// panels × ranges of tiles. Immutable and thread-safe; workspaces are the caller's.
/// </summary>
internal sealed unsafe class OuterProductEngine : IFilterGradientEngine
{
    private const int BlockPixels = 224;
    private const int WantedUnits = 16;
    private const int SplitBudgetFloats = 256 * 1024;
    private const int LeastTiles = 8;

    private readonly delegate*<float*, float*, nint, nint, void> _columnSum;
    private readonly Conv2DGeometry _g;
    private readonly SlidingSource _source;
    private readonly bool _pointwise;
    private readonly int _bandRows;
    private readonly int _bands;
    private readonly int _panels;
    private readonly int _tiles;
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly nint _sumFloats;
    private readonly nint _splitFloats;
    private readonly nint _slabFloats;
    private readonly int _blockPixels;

    public OuterProductEngine(Conv2DGeometry g, GemmOuterKernel kernel)
    {
        _g = g;
        Kernel = kernel;
        _columnSum = KernelSelection.Choose(ReduceKernels.All, kernel.Isa).ColumnSum;
        _source = SlidingSource.Forward(g);
        _pointwise = g.KH == 1 && g.KW == 1 && g.StrideH == 1 && g.StrideW == 1 && _source.IsInPlace;
        PixelChunks chunks = PixelChunks.Choose(_source, 1);
        _bandRows = chunks.Rows;
        _bands = chunks.Bands;
        _panels = (g.GroupOC + kernel.NR - 1) / kernel.NR;
        int terms = g.KH * g.KW * g.GroupC;
        _tiles = (terms + kernel.MR - 1) / kernel.MR;
        _rowOffsets = new AlignedBuffer<nint>(_tiles * kernel.MR);
        for (int row = 0; row < _rowOffsets.Length; row++)
        {
            (int tap, int channel) = Math.DivRem(Math.Min(row, terms - 1), g.GroupC);
            _rowOffsets.Span[row] = (tap / g.KW * g.DilationH * _source.RowStride) + ((nint)(tap % g.KW) * g.DilationW * g.C) + channel;
        }

        _sumFloats = WorkspaceLayout.AlignFloats(checked((nint)g.Groups * _panels * _tiles * kernel.MR * kernel.NR));
        _splitFloats = _sumFloats + WorkspaceLayout.AlignFloats((nint)g.Groups * _panels * kernel.NR);
        _slabFloats = WorkspaceLayout.AlignFloats(_source.SlabFloats(_bandRows));
        _blockPixels = _pointwise || g.OW > BlockPixels ? BlockPixels : Math.Max(1, BlockPixels / g.OW) * g.OW;
    }

    public GemmOuterKernel Kernel { get; }

    public string KernelName => Kernel.Name;

    private nint WorkerFloats => _slabFloats + PanelFloats + WorkspaceLayout.AlignFloats(Kernel.NR);

    private nint PanelFloats => WorkspaceLayout.AlignFloats((nint)_blockPixels * Kernel.NR);

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(Cut(_g.N).Splits * _splitFloats, WorkerFloats, threads);

    public void Run(IWorkScheduler scheduler, int batch, float* x, float* dy, float* dw, float* db, byte* workspace)
    {
        UnitCut cut = Cut(batch);
        float* sums = WorkspaceLayout.Align(workspace);
        float* workers = sums + (Cut(_g.N).Splits * _splitFloats);
        long cost = _g.MultiplyAdds / _g.N * batch;
        var products = new ProductAction(this, batch, cut, x, dy, sums, workers);
        scheduler.Run(cut.Splits * cut.PanelRanges * cut.TileRanges, cost, products);
        var gather = new GatherAction(this, cut.Splits, sums, dw, db);
        scheduler.Run(_g.Groups * _panels, (long)_sumFloats * cut.Splits, gather);
        GC.KeepAlive(this);
    }

    // Chunks of the batch: bands of images, or blocks of the one long row of pixels that a pointwise batch is.
    private int Chunks(int batch) => _pointwise ? (int)((((long)batch * _g.OH * _g.OW) + BlockPixels - 1) / BlockPixels) : batch * _bands;

    private UnitCut Cut(int batch)
    {
        int splits = (int)Math.Clamp(Math.Min(Chunks(batch), SplitBudgetFloats / Math.Max(1, _splitFloats)), 1, WantedUnits);
        int panelRanges = Math.Min(_g.Groups * _panels, (WantedUnits + splits - 1) / splits);
        int wanted = (WantedUnits + (splits * panelRanges) - 1) / (splits * panelRanges);
        return new UnitCut(splits, panelRanges, Math.Clamp(_tiles / LeastTiles, 1, wanted));
    }

    private void RunUnit(in ProductAction run, int split, int panelRange, int tileRange, int worker)
    {
        int panels = _g.Groups * _panels;
        var part = new UnitPart(
            run.Sums + (split * _splitFloats),
            run.Workers + (worker * WorkerFloats),
            Share(panels, panelRange, run.Cut.PanelRanges),
            Share(panels, panelRange + 1, run.Cut.PanelRanges),
            Share(_tiles, tileRange, run.Cut.TileRanges),
            Share(_tiles, tileRange + 1, run.Cut.TileRanges));
        ClearSums(part);
        int chunks = Chunks(run.Batch);
        int first = Share(chunks, split, run.Cut.Splits);
        int end = Share(chunks, split + 1, run.Cut.Splits);
        if (_pointwise)
        {
            long pixels = (long)run.Batch * _g.OH * _g.OW;
            for (int chunk = first; chunk < end; chunk++)
            {
                nint at = (nint)chunk * BlockPixels;
                AddBlock(part, run.X + (at * _g.C), run.Dy + (at * _g.OC), 1, (int)Math.Min(BlockPixels, pixels - at), 0);
            }

            return;
        }

        for (int chunk = first; chunk < end; chunk++)
            AddBand(part, run, chunk / _bands, chunk % _bands * _bandRows);
    }

    private void AddBand(in UnitPart part, in ProductAction run, int image, int firstRow)
    {
        int rows = Math.Min(_bandRows, _g.OH - firstRow);
        float* x = run.X + (image * _source.ImageFloats);
        float* source = part.Scratch;
        if (_source.IsInPlace)
            source = _source.InPlace(x, firstRow);
        else
            _source.CopySlab(x, firstRow, rows, source);
        float* dy = run.Dy + ((((nint)image * _g.OH) + firstRow) * _g.OW * _g.OC);
        int blockColumns = Math.Min(_g.OW, _blockPixels);
        int blockRows = Math.Max(1, _blockPixels / _g.OW);
        for (int row = 0; row < rows; row += blockRows)
        {
            for (int column = 0; column < _g.OW; column += blockColumns)
            {
                AddBlock(
                    part,
                    source + (row * _source.WindowRowStep) + (column * _source.WindowColumnStep),
                    dy + ((((nint)row * _g.OW) + column) * _g.OC),
                    Math.Min(blockRows, rows - row),
                    Math.Min(blockColumns, _g.OW - column),
                    _source.WindowRowStep);
            }
        }
    }

    private void AddBlock(in UnitPart part, float* source, float* dy, int rows, int columns, nint rowStep)
    {
        int nr = Kernel.NR;
        int mr = Kernel.MR;
        float* packed = part.Scratch + _slabFloats;
        nint pixels = (nint)rows * columns;
        GemmOuterTile tile;
        tile.B = packed;
        tile.Rows = rows;
        tile.Columns = columns;
        tile.RowStep = rowStep;
        tile.ColumnStep = _source.WindowColumnStep;
        if (columns == 1)
        {
            // A column of pixels walks like a row with a longer step.
            tile.Rows = 1;
            tile.Columns = rows;
            tile.ColumnStep = rowStep;
        }

        for (int panel = part.FirstPanel; panel < part.EndPanel; panel++)
        {
            int group = panel / _panels;
            int column = (panel - (group * _panels)) * nr;
            DyPanel.Pack(dy + ((nint)group * _g.GroupOC) + column, _g.OC, Math.Min(nr, _g.GroupOC - column), nr, pixels, packed);
            if (part.FirstTile == 0)
            {
                float* columnSums = packed + PanelFloats;
                _columnSum(packed, columnSums, pixels, nr);
                DyPanel.Add(columnSums, part.Sums + _sumFloats + ((nint)panel * nr), nr);
            }

            tile.A = source + ((nint)group * _g.GroupC);
            float* sums = part.Sums + ((nint)panel * _tiles * mr * nr);
            for (int t = part.FirstTile; t < part.EndTile; t++)
            {
                tile.RowOffsets = _rowOffsets.Pointer + ((nint)t * mr);
                tile.C = sums + ((nint)t * mr * nr);
                Kernel.Run(&tile);
            }
        }
    }

    private void ClearSums(in UnitPart part)
    {
        nint tile = (nint)Kernel.MR * Kernel.NR;
        for (int panel = part.FirstPanel; panel < part.EndPanel; panel++)
        {
            NativeMemory.Clear(part.Sums + ((((nint)panel * _tiles) + part.FirstTile) * tile), (nuint)((part.EndTile - part.FirstTile) * tile * sizeof(float)));
            if (part.FirstTile == 0)
                NativeMemory.Clear(part.Sums + _sumFloats + ((nint)panel * Kernel.NR), (nuint)(Kernel.NR * sizeof(float)));
        }
    }

    // Adds the splits' sums of one panel, in order, and writes them where the filter has them.
    private void Gather(int splits, int panel, float* sums, float* dw, float* db)
    {
        int nr = Kernel.NR;
        int group = panel / _panels;
        int column = (panel - (group * _panels)) * nr;
        int columns = Math.Min(nr, _g.GroupOC - column);
        int terms = _g.KH * _g.KW * _g.GroupC;
        float* first = sums + ((nint)panel * _tiles * Kernel.MR * nr);
        float* to = dw + ((nint)group * _g.GroupOC) + column;
        for (int term = 0; term < terms; term++, first += nr, to += _g.OC)
            DyPanel.SumSplits(first, _splitFloats, splits, to, columns);
        if (db is not null)
            DyPanel.SumSplits(sums + _sumFloats + ((nint)panel * nr), _splitFloats, splits, db + ((nint)group * _g.GroupOC) + column, columns);
    }

    private static int Share(int count, int index, int parts) => (int)((long)count * index / parts);

    private readonly record struct UnitCut(int Splits, int PanelRanges, int TileRanges);

    private readonly struct UnitPart(float* sums, float* scratch, int firstPanel, int endPanel, int firstTile, int endTile)
    {
        public readonly float* Sums = sums;
        public readonly float* Scratch = scratch;
        public readonly int FirstPanel = firstPanel;
        public readonly int EndPanel = endPanel;
        public readonly int FirstTile = firstTile;
        public readonly int EndTile = endTile;
    }

    private readonly struct ProductAction(OuterProductEngine engine, int batch, UnitCut cut, float* x, float* dy, float* sums, float* workers) : IRangeAction
    {
        public readonly int Batch = batch;
        public readonly UnitCut Cut = cut;
        public readonly float* X = x;
        public readonly float* Dy = dy;
        public readonly float* Sums = sums;
        public readonly float* Workers = workers;

        public void Invoke(int index, int worker)
        {
            (int rest, int tileRange) = Math.DivRem(index, Cut.TileRanges);
            (int split, int panelRange) = Math.DivRem(rest, Cut.PanelRanges);
            engine.RunUnit(this, split, panelRange, tileRange, worker);
        }
    }

    private readonly struct GatherAction(OuterProductEngine engine, int splits, float* sums, float* dw, float* db) : IRangeAction
    {
        public void Invoke(int index, int worker) => engine.Gather(splits, index, sums, dw, db);
    }
}
