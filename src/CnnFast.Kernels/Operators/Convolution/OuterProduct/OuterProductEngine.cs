using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The engine behind <see cref="Conv2DBackwardFilter"/>. Rows of its tiles are filter elements (a, b, c), columns are output channels, the
/// reduction runs over pixels; where there are few output channels it is the other way round. Sums lie as the filter does: in the result itself, or in one copy for each split of the batch.
/// Immutable and thread-safe; workspaces are the caller's.
/// </summary>
internal sealed unsafe class OuterProductEngine : IFilterGradientEngine
{
    private const int GatherFloats = 16 * 1024;
    private const int MostInPlace = 64;
    private const int MostSwapped = 32;
    private const int MostAbreast = 16;
    private const int Abreast = 8;

    private readonly delegate*<float*, float*, nint, nint, void> _columnSum;
    private readonly Conv2DGeometry _g;
    private readonly SlidingSource _source;
    private readonly BlockedSource? _blocked;
    private readonly bool _pointwise;
    private readonly bool _dyInPlace;
    private readonly bool _swapped;
    private readonly bool _readsX;
    private readonly int _run;
    private readonly int _runVectors;
    private readonly FilterGradientChunks _chunks;
    private readonly FilterGradientCut _cut;
    private readonly int _panels;
    private readonly int _tiles;
    private readonly int _terms;
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly AlignedBuffer<nint> _outputOffsets;
    private readonly AlignedBuffer<nint> _scratchOffsets;
    private readonly AlignedBuffer<nint> _xRows;
    private readonly AlignedBuffer<nint> _dyRows;
    private readonly AlignedBuffer<nint> _vectorOffsets;
    private readonly nint _imageStep;
    private readonly nint _xStep;
    private readonly nint _filterFloats;
    private readonly nint _splitFloats;
    private readonly nint _slabFloats;
    private readonly nint _panelFloats;

    public OuterProductEngine(Conv2DGeometry g, GemmOuterKernel kernel, bool swapped)
    {
        _swapped = swapped;
        _g = g;
        Kernel = kernel;
        _columnSum = KernelSelection.Choose(ReduceKernels.All, kernel.Isa).ColumnSum;
        _source = ConvolutionPass.Forward(g).Source;
        _pointwise = g.KH == 1 && g.KW == 1 && g.StrideH == 1 && g.StrideW == 1 && _source.IsInPlace;
        _chunks = FilterGradientChunks.Choose(g, _source, _pointwise);
        _terms = g.KH * g.KW * g.GroupC;
        _run = g.KW * g.GroupC;
        _runVectors = (_run + kernel.VectorFloats - 1) / kernel.VectorFloats;
        _panels = ((swapped ? g.KH * _runVectors * kernel.VectorFloats : g.GroupOC) + kernel.NR - 1) / kernel.NR;
        _tiles = ((swapped ? g.GroupOC : _terms) + kernel.MR - 1) / kernel.MR;
        _dyInPlace = swapped || (g.Groups == 1 && g.OC % kernel.NR == 0 && g.OC <= MostInPlace);
        _readsX = _source.IsInPlace && (!swapped || _run % kernel.VectorFloats == 0);
        if (BlockedSource.Fits(g) && !swapped)
            _blocked = new BlockedSource(g, _chunks.Images, _chunks.Rows, _pointwise ? _chunks.BlockColumns : g.OW);
        FilterGradientCut cut = FilterGradientCut.Choose(g, _chunks.Count(g, g.N, _pointwise), _blocked is null && _source.IsInPlace, _blocked is not null);
        _cut = cut with { PanelRanges = Math.Min(cut.PanelRanges, g.Groups * _panels), TileRanges = Math.Min(cut.TileRanges, _tiles) };
        if (swapped)
            _cut = new FilterGradientCut(cut.Splits, 1, 1);

        _imageStep = _blocked?.ImageStride
            ?? (_readsX ? _source.ImageFloats : _pointwise ? (nint)_chunks.BlockColumns * g.C : checked(_source.Rows.Extent(_chunks.Rows) * _source.RowStride));
        _xStep = _blocked is null ? _source.WindowColumnStep : BlockedSource.Width;
        _rowOffsets = new AlignedBuffer<nint>(_tiles * kernel.MR);
        _outputOffsets = new AlignedBuffer<nint>(_rowOffsets.Length);
        for (int row = 0; row < _rowOffsets.Length && swapped; row++)
        {
            _rowOffsets.Span[row] = Math.Min(row, g.OC - 1);
            _outputOffsets.Span[row] = (nint)row * SumColumns;
        }

        for (int row = 0; row < _rowOffsets.Length && !swapped; row++)
        {
            (int tap, int channel) = Term(Math.Min(row, _terms - 1));
            _rowOffsets.Span[row] = RowOffset(tap, channel);
            _outputOffsets.Span[row] = (((nint)tap * g.GroupC) + channel) * g.OC;
        }

        _scratchOffsets = new AlignedBuffer<nint>(kernel.MR);
        for (int row = 0; row < kernel.MR; row++)
            _scratchOffsets.Span[row] = (nint)row * kernel.NR;

        _xRows = new AlignedBuffer<nint>(_chunks.Images * _chunks.Rows);
        _dyRows = new AlignedBuffer<nint>(_chunks.BlockRows);
        nint windowRow = _blocked?.WindowRowStep ?? _source.WindowRowStep;
        for (int row = 0; row < _xRows.Length; row++)
        {
            (int image, int imageRow) = Math.DivRem(row, _chunks.Rows);
            _xRows.Span[row] = (image * _imageStep) + (imageRow * windowRow);
        }

        for (int row = 0; row < _dyRows.Length; row++)
            _dyRows.Span[row] = (nint)row * _chunks.BlockColumns * (_dyInPlace ? g.OC : kernel.NR);

        _vectorOffsets = new AlignedBuffer<nint>(swapped ? _panels * (kernel.NR / kernel.VectorFloats) : 0);
        for (int vector = 0; vector < _vectorOffsets.Length; vector++)
        {
            (int a, int j) = Math.DivRem(Math.Min(vector, (g.KH * _runVectors) - 1), _runVectors);
            _vectorOffsets.Span[vector] = (a * g.DilationH * _source.RowStride) + ((nint)j * kernel.VectorFloats);
        }

        _filterFloats = WorkspaceLayout.AlignFloats(swapped ? checked((nint)_tiles * kernel.MR * SumColumns) : checked((nint)_terms * g.OC));
        _splitFloats = _filterFloats + WorkspaceLayout.AlignFloats(g.OC);
        _slabFloats = WorkspaceLayout.AlignFloats(_blocked?.Floats(MostBlocks()) ?? (_readsX ? 0 : checked((_chunks.Images * _imageStep) + kernel.VectorFloats)));
        nint blockPixels = (nint)_chunks.BlockRows * _chunks.BlockColumns;
        _panelFloats = _dyInPlace ? 0 : WorkspaceLayout.AlignFloats(blockPixels * kernel.NR);
    }

    public GemmOuterKernel Kernel { get; }

    public string KernelName => Kernel.Name;

    private nint WorkerFloats => _slabFloats + _panelFloats + ScratchFloats;

    // A tile, or the sums of the columns of dy.
    private nint ScratchFloats => WorkspaceLayout.AlignFloats(Math.Max((nint)Kernel.MR * Kernel.NR, _dyInPlace ? _g.OC + (Abreast * Math.Min(_g.OC, MostAbreast)) : 0));

    private nint SumColumns => (nint)_panels * Kernel.NR;

    /// <summary>
    /// The engine on the tile that wastes least, with filter elements as its rows and output channels as its lanes; or, where there are few output
    /// channels, the other way round.
    /// </summary>
    public static OuterProductEngine Create(Conv2DGeometry g, IsaLevel? isa)
    {
        long terms = (long)g.KH * g.KW * g.GroupC;
        GemmOuterKernel kernel = GemmOuterKernels.Choose(terms, 1, g.GroupOC, isa);
        if (!CanSwap(g))
            return new OuterProductEngine(g, kernel, swapped: false);
        long run = (long)g.KW * g.C;
        GemmOuterKernel other = GemmOuterKernels.Choose(g.OC, g.KH, run, isa);
        bool swapped = other.Cost(g.OC, g.KH, run) < kernel.Cost(terms, 1, g.GroupOC);
        return new OuterProductEngine(g, swapped ? other : kernel, swapped);
    }

    /// <summary>Whether output channels can be the rows of the tiles: few, of one group, and the filter's rows contiguous in the image.</summary>
    public static bool CanSwap(Conv2DGeometry g) => g.Groups == 1 && g.OC <= MostSwapped && (g.DilationW == 1 || g.KW == 1);

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(SharedFloats, WorkerFloats, threads);

    public void Run(IWorkScheduler scheduler, int batch, float* x, float* dy, float* dw, float* db, byte* workspace)
    {
        int splits = Math.Min(_cut.Splits, _chunks.Count(_g, batch, _pointwise));
        float* sums = WorkspaceLayout.Align(workspace);
        float* workers = sums + SharedFloats;
        bool direct = splits == 1 && !_swapped;
        float* biasSums = WritesResult ? sums : sums + _filterFloats;
        long cost = _g.MultiplyAdds / _g.N * batch;
        scheduler.Run(splits * _cut.PanelRanges * _cut.TileRanges, cost, new ProductAction(this, batch, splits, x, dy, direct ? dw : sums, biasSums, workers));
        if (splits > 1)
        {
            nint floats = _swapped ? _filterFloats : (nint)_terms * _g.OC;
            scheduler.Run((int)((floats + GatherFloats - 1) / GatherFloats), floats * splits, new GatherAction(sums, _splitFloats, splits, _swapped ? sums : dw, floats));
        }

        if (_swapped)
            WriteTransposed(sums, dw);
        if (db is not null)
            DyPanel.SumSplits(biasSums, _splitFloats, splits, db, _g.OC);

        GC.KeepAlive(this);
    }

    // Whether the tiles write the result itself, at any batch.
    private bool WritesResult => _cut.Splits == 1 && !_swapped;

    private nint SharedFloats => WritesResult ? _splitFloats - _filterFloats : checked(_cut.Splits * _splitFloats);

    // The filter element of a row of tiles: in the order of the filter, or block of channels by block.
    private (int Tap, int Channel) Term(int row)
    {
        if (_blocked is null)
            return Math.DivRem(row, _g.GroupC);
        (int block, int rest) = Math.DivRem(row, _g.KH * _g.KW * BlockedSource.Width);
        (int tap, int channel) = Math.DivRem(rest, BlockedSource.Width);
        return (tap, (block * BlockedSource.Width) + channel);
    }

    private nint RowOffset(int tap, int channel)
    {
        (int a, int b) = Math.DivRem(tap, _g.KW);
        if (_blocked is null)
            return (a * _g.DilationH * _source.RowStride) + ((nint)b * _g.DilationW * _g.C) + channel;
        (int block, int lane) = Math.DivRem(channel, BlockedSource.Width);
        return _blocked.Floats(block) + _blocked.TapOffset(a, b) + lane;
    }

    // Blocks of channels that the tiles and panels of a unit read.
    private (int First, int End) Blocks(int firstPanel, int endPanel, int firstTile, int endTile)
    {
        int groupBlocks = _g.GroupC / BlockedSource.Width;
        int blockTerms = _g.KH * _g.KW * BlockedSource.Width;
        int first = firstTile * Kernel.MR / blockTerms;
        int last = (Math.Min(endTile * Kernel.MR, _terms) - 1) / blockTerms;
        return ((firstPanel / _panels * groupBlocks) + first, ((endPanel - 1) / _panels * groupBlocks) + last + 1);
    }

    private int MostBlocks()
    {
        int most = 0;
        for (int panel = 0; panel < _cut.PanelRanges; panel++)
        {
            for (int tile = 0; tile < _cut.TileRanges; tile++)
            {
                (int first, int end) = Blocks(PanelAt(panel), PanelAt(panel + 1), TileAt(tile), TileAt(tile + 1));
                most = Math.Max(most, end - first);
            }
        }

        return most;
    }

    private int PanelAt(int range) => Share(_g.Groups * _panels, range, _cut.PanelRanges);

    private int TileAt(int range) => Share(_tiles, range, _cut.TileRanges);

    private static int Share(int count, int index, int parts) => (int)((long)count * index / parts);

    private void RunUnit(in ProductAction run, int split, int panelRange, int tileRange, int worker)
    {
        int firstPanel = PanelAt(panelRange), endPanel = PanelAt(panelRange + 1);
        int firstTile = TileAt(tileRange), endTile = TileAt(tileRange + 1);
        (int firstBlock, int endBlock) = _blocked is null ? (0, 0) : Blocks(firstPanel, endPanel, firstTile, endTile);
        var part = new UnitPart(
            run.Sums + (split * _splitFloats),
            run.BiasSums + (split * _splitFloats),
            run.Workers + (worker * WorkerFloats),
            (firstPanel, endPanel),
            (firstTile, endTile),
            (firstBlock, endBlock - firstBlock));
        int chunks = _chunks.Count(_g, run.Batch, _pointwise);
        int first = Share(chunks, split, run.Splits);
        int end = Share(chunks, split + 1, run.Splits);
        for (int chunk = first; chunk < end; chunk++)
        {
            if (_pointwise)
                AddRun(part, run, chunk, chunk > first);
            else
                AddChunk(part, run, chunk, chunk > first);
        }
    }

    private void WriteTransposed(float* sums, float* dw)
    {
        for (int a = 0; a < _g.KH; a++, sums += _runVectors * Kernel.VectorFloats, dw += (nint)_run * _g.OC)
            DyPanel.Transpose(sums, SumColumns, _run, dw, _g.OC);
    }

    // A run of the pixels of a pointwise batch.
    private void AddRun(in UnitPart part, in ProductAction run, int chunk, bool adds)
    {
        nint at = (nint)chunk * _chunks.BlockColumns;
        int pixels = (int)Math.Min(_chunks.BlockColumns, ((long)run.Batch * _g.OH * _g.OW) - at);
        float* x = run.X + (at * _g.C);
        if (_blocked is not null)
        {
            float* slab = part.Scratch;
            BlockedSource.PackRun(x + ((nint)part.Blocks.First * BlockedSource.Width), _g.C, pixels, part.Blocks.Count, slab, _blocked.BlockStride);
            x = slab - _blocked.Floats(part.Blocks.First);
        }
        else if (!_readsX)
        {
            NativeMemory.Copy(x, part.Scratch, (nuint)pixels * (nuint)_g.C * sizeof(float));
            x = part.Scratch;
        }

        float* dy = run.Dy + (at * _g.OC);
        nint next = (nint)Math.Min(_chunks.BlockColumns, ((long)run.Batch * _g.OH * _g.OW) - at - pixels);
        var ahead = new ReadAhead(dy + ((nint)pixels * _g.OC), next * _g.OC, run.X + ((at + pixels) * _g.C), next * _g.C);
        AddBlock(part, x, _xRows.Pointer, dy, 1, pixels, adds, ref ahead);
    }

    // A band of an image, or several whole images.
    private void AddChunk(in UnitPart part, in ProductAction run, int chunk, bool adds)
    {
        int image = chunk / _chunks.Bands * _chunks.Images;
        int images = Math.Min(_chunks.Images, run.Batch - image);
        int firstRow = chunk % _chunks.Bands * _chunks.Rows;
        int rows = Math.Min(_chunks.Rows, _g.OH - firstRow);
        float* source = Source(part, run.X + (image * _source.ImageFloats), images, firstRow, rows);
        float* dy = run.Dy + ((((nint)image * _g.OH) + firstRow) * _g.OW * _g.OC);
        rows *= images;
        float* end = run.Dy + ((nint)run.Batch * _g.OH * _g.OW * _g.OC);
        for (int row = 0; row < rows; row += _chunks.BlockRows)
        {
            int blockRows = Math.Min(_chunks.BlockRows, rows - row);
            float* next = dy + ((nint)(row + blockRows) * _g.OW * _g.OC);
            float* nextX = run.X + (image * _source.ImageFloats) + ((nint)(firstRow + row + blockRows) * _g.StrideH * _g.W * _g.C);
            var ahead = new ReadAhead(next, Math.Min((nint)(end - next), (nint)_chunks.BlockRows * _g.OW * _g.OC), nextX, (nint)blockRows * _g.StrideH * _g.W * _g.C);
            for (int column = 0; column < _g.OW; column += _chunks.BlockColumns)
            {
                AddBlock(
                    part,
                    source + (column * _xStep),
                    _xRows.Pointer + row,
                    dy + ((((nint)row * _g.OW) + column) * _g.OC),
                    blockRows,
                    Math.Min(_chunks.BlockColumns, _g.OW - column),
                    adds,
                    ref ahead);
                adds = true;
            }
        }
    }

    // What the row offsets of the chunk count from: x itself, or a slab of it.
    private float* Source(in UnitPart part, float* x, int images, int firstRow, int rows)
    {
        if (_blocked is null && _readsX)
            return _source.InPlace(x, firstRow);
        float* slab = part.Scratch;
        for (int i = 0; i < images; i++, x += _source.ImageFloats, slab += _imageStep)
        {
            if (_blocked is null)
                _source.CopySlab(x, firstRow, rows, slab);
            else
                _blocked.Pack(x, firstRow, rows, part.Blocks.First, part.Blocks.Count, slab);
        }

        return _blocked is null ? part.Scratch : part.Scratch - _blocked.Floats(part.Blocks.First);
    }

    private void AddBlock(in UnitPart part, float* source, nint* xRows, float* dy, int rows, int columns, bool adds, ref ReadAhead ahead)
    {
        nint pixels = (nint)rows * columns;
        float* packed = part.Scratch + _slabFloats;
        float* scratch = packed + _panelFloats;
        GemmOuterTile tile;
        tile.Adds = adds;
        tile.Rows = rows;
        tile.Columns = columns;
        if (_dyInPlace && part.Panels.First == 0 && part.Tiles.First == 0)
            AddBias(dy, pixels, _g.OC, _g.OC, part.BiasSums, scratch, adds);
        if (_swapped)
            AddSwapped(part, &tile, source, xRows, dy, ref ahead);
        else
            AddPanels(part, &tile, source, xRows, dy, packed, scratch, ref ahead);
    }

    // Rows are output channels, columns are filter elements: vectors of a filter row, read from x or a slab of it. What lanes behind a run sum up is dropped.
    private void AddSwapped(in UnitPart part, GemmOuterTile* tile, float* source, nint* xRows, float* dy, ref ReadAhead ahead)
    {
        nint pixels = tile->Rows * tile->Columns;
        int vectors = Kernel.NR / Kernel.VectorFloats;
        tile->A = dy;
        tile->APixelRows = _dyRows.Pointer;
        tile->AStep = _g.OC;
        tile->BPixelRows = xRows;
        tile->BStep = _xStep;
        for (int panel = 0; panel < _panels; panel++)
        {
            nint* offsets = _vectorOffsets.Pointer + (panel * vectors);
            tile->B = source + offsets[0];
            tile->SecondVector = offsets[vectors - 1] - offsets[0];
            tile->C = part.Sums + ((nint)panel * Kernel.NR);
            for (int t = 0; t < _tiles; t++)
            {
                tile->RowOffsets = _rowOffsets.Pointer + (t * Kernel.MR);
                tile->OutputOffsets = _outputOffsets.Pointer + (t * Kernel.MR);
                tile->Ahead = ahead.Take(pixels, tile->B);
                Kernel.Run(tile);
            }
        }
    }

    // Rows are filter elements, read from x or a slab of it; columns are output channels, packed panel by panel.
    private void AddPanels(in UnitPart part, GemmOuterTile* tile, float* source, nint* xRows, float* dy, float* packed, float* scratch, ref ReadAhead ahead)
    {
        int nr = Kernel.NR;
        nint pixels = tile->Rows * tile->Columns;
        tile->APixelRows = xRows;
        tile->AStep = _xStep;
        tile->BPixelRows = _dyRows.Pointer;
        tile->BStep = _dyInPlace ? _g.OC : nr;
        tile->SecondVector = Kernel.VectorFloats;
        for (int panel = part.Panels.First; panel < part.Panels.End; panel++)
        {
            int group = panel / _panels;
            int column = (panel - (group * _panels)) * nr;
            int width = Math.Min(nr, _g.GroupOC - column);
            float* columns = dy + ((nint)group * _g.GroupOC) + column;
            if (!_dyInPlace)
            {
                DyPanel.Pack(columns, _g.OC, width, nr, pixels, packed);
                columns = packed;
                if (part.Tiles.First == 0)
                    AddBias(packed, pixels, nr, width, part.BiasSums + ((nint)group * _g.GroupOC) + column, scratch, tile->Adds);
            }

            tile->A = source + RowOffset(0, group * _g.GroupC);
            tile->B = columns;
            AddTiles(part, tile, part.Sums + ((nint)group * _g.GroupOC) + column, width, scratch, ref ahead);
        }
    }

    // Few columns of dy in place are summed several pixels side by side, so that vectors are full and the chains short.
    private void ColumnSums(float* dy, nint pixels, int columns, float* sums)
    {
        nint together = pixels / Abreast;
        if (!_dyInPlace || columns >= MostAbreast || together == 0)
        {
            _columnSum(dy, sums, pixels, columns);
            return;
        }

        float* wide = sums + columns;
        _columnSum(dy, wide, together, Abreast * columns);
        DyPanel.Copy(wide, sums, columns);
        for (int i = 1; i < Abreast; i++)
            DyPanel.Add(wide + (i * columns), sums, columns);
        for (nint pixel = together * Abreast; pixel < pixels; pixel++)
            DyPanel.Add(dy + (pixel * columns), sums, columns);
    }

    private void AddBias(float* dy, nint pixels, int columns, int width, float* sums, float* scratch, bool adds)
    {
        ColumnSums(dy, pixels, columns, scratch);
        if (adds)
            DyPanel.Add(scratch, sums, width);
        else
            DyPanel.Copy(scratch, sums, width);
    }

    // Tiles that lack rows or columns go through scratch memory, from which only what exists is taken.
    private void AddTiles(in UnitPart part, GemmOuterTile* tile, float* sums, int width, float* scratch, ref ReadAhead ahead)
    {
        int mr = Kernel.MR;
        int nr = Kernel.NR;
        bool adds = tile->Adds;
        nint pixels = tile->Rows * tile->Columns;
        for (int t = part.Tiles.First; t < part.Tiles.End; t++)
        {
            int firstRow = t * mr;
            nint* outputs = _outputOffsets.Pointer + firstRow;
            tile->RowOffsets = _rowOffsets.Pointer + firstRow;
            tile->Ahead = ahead.Take(pixels, tile->B);
            int rows = Math.Min(mr, _terms - firstRow);
            if (rows == mr && width == nr)
            {
                tile->C = sums;
                tile->OutputOffsets = outputs;
                Kernel.Run(tile);
                continue;
            }

            tile->C = scratch;
            tile->OutputOffsets = _scratchOffsets.Pointer;
            tile->Adds = false;
            Kernel.Run(tile);
            tile->Adds = adds;
            for (int row = 0; row < rows; row++)
            {
                if (adds)
                    DyPanel.Add(scratch + (row * nr), sums + outputs[row], width);
                else
                    DyPanel.Copy(scratch + (row * nr), sums + outputs[row], width);
            }
        }
    }

    private readonly struct UnitPart(float* sums, float* biasSums, float* scratch, (int First, int End) panels, (int First, int End) tiles, (int First, int Count) blocks)
    {
        public readonly float* Sums = sums;
        public readonly float* BiasSums = biasSums;
        public readonly float* Scratch = scratch;
        public readonly (int First, int End) Panels = panels;
        public readonly (int First, int End) Tiles = tiles;
        public readonly (int First, int Count) Blocks = blocks;
    }

    private readonly struct ProductAction(OuterProductEngine engine, int batch, int splits, float* x, float* dy, float* sums, float* biasSums, float* workers) : IRangeAction
    {
        public readonly int Batch = batch;
        public readonly int Splits = splits;
        public readonly float* X = x;
        public readonly float* Dy = dy;
        public readonly float* Sums = sums;
        public readonly float* BiasSums = biasSums;
        public readonly float* Workers = workers;

        public void Invoke(int index, int worker)
        {
            (int rest, int tileRange) = Math.DivRem(index, engine._cut.TileRanges);
            (int split, int panelRange) = Math.DivRem(rest, engine._cut.PanelRanges);
            engine.RunUnit(this, split, panelRange, tileRange, worker);
        }
    }

    private readonly struct GatherAction(float* sums, nint splitStep, int splits, float* dw, nint floats) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            nint at = (nint)index * GatherFloats;
            DyPanel.SumSplits(sums + at, splitStep, splits, dw + at, (int)Math.Min(GatherFloats, floats - at));
        }
    }
}
