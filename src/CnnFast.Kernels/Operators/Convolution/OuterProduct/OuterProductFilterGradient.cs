using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The filter and bias gradients of any convolution by outer products over pixels. <see cref="GradientTiles"/> multiply,
/// <see cref="InputReader"/> and <see cref="DyPanels"/> say how they read x and dy, <see cref="FilterSums"/> own the sums, and
/// <see cref="ChunkWalk"/> is the loop over pixels. Immutable and thread-safe; workspaces are the caller's.
/// </summary>
internal sealed unsafe class OuterProductFilterGradient : IFilterGradientEngine
{
    private const int MostInPlace = 64;
    private const int MostChannelRows = 32;

    private readonly Conv2DGeometry _g;
    private readonly FilterGradientChunks _chunks;
    private readonly FilterGradientCut _cut;
    private readonly GradientTiles _tiles;
    private readonly FilterSums _sums;
    private readonly ChunkWalk _walk;
    private readonly nint _slabFloats;

    private OuterProductFilterGradient(
        Conv2DGeometry g,
        FilterGradientChunks chunks,
        FilterGradientCut cut,
        GradientTiles tiles,
        FilterSums sums)
    {
        _g = g;
        _chunks = chunks;
        _cut = cut;
        _tiles = tiles;
        _sums = sums;
        _walk = chunks.AreRuns ? new RunWalk(g, chunks, tiles) : new BandWalk(g, chunks, tiles);
        _slabFloats = WorkspaceLayout.AlignFloats(tiles.Input.SlabFloats(MostBlocks()));
    }

    public string KernelName => _tiles.Kernel.Name;

    private nint WorkerFloats => _slabFloats + _tiles.Dy.PackedFloats + _tiles.ScratchFloats;

    /// <summary>
    /// The tile that wastes least, with filter elements as its rows; or, where there are few output channels, the other way round.
    /// </summary>
    public static OuterProductFilterGradient Create(Conv2DGeometry g, IsaLevel? isa)
    {
        long terms = (long)g.KH * g.KW * g.GroupC;
        GemmOuterKernel kernel = GemmOuterKernels.Choose(terms, 1, g.GroupOC, isa);
        if (!CanHaveChannelRows(g))
            return WithFilterRows(g, kernel);
        long run = (long)g.KW * g.C;
        GemmOuterKernel other = GemmOuterKernels.Choose(g.OC, g.KH, run, isa);
        return other.Cost(g.OC, g.KH, run) < kernel.Cost(terms, 1, g.GroupOC) ? WithChannelRows(g, other) : WithFilterRows(g, kernel);
    }

    /// <summary>
    /// Whether output channels can be the rows of the tiles: few, of one group, and the filter's rows contiguous in the image.
    /// </summary>
    public static bool CanHaveChannelRows(Conv2DGeometry g) => g.Groups == 1 && g.OC <= MostChannelRows && (g.DilationW == 1 || g.KW == 1);

    /// <summary>Rows of the tiles are filter elements.</summary>
    public static OuterProductFilterGradient WithFilterRows(Conv2DGeometry g, GemmOuterKernel kernel)
    {
        SlidingSource source = ConvolutionPass.Forward(g).Source;
        var chunks = FilterGradientChunks.Choose(g, source);
        InputReader input = FilterRowInput(g, source, chunks);
        bool dyInPlace = g.Groups == 1 && g.OC % kernel.NR == 0 && g.OC <= MostInPlace;
        DyPanels dy = dyInPlace ? new DyInPlace(g, kernel.Isa, chunks) : new PackedDy(g, kernel.Isa, chunks, kernel.NR);
        var tiles = new FilterRowTiles(g, kernel, input, dy);
        bool blocked = input is BlockedReader;
        FilterGradientCut cut = FilterGradientCut.Choose(g, chunks.Count(g, g.N), !blocked && source.IsInPlace, blocked);
        cut = cut with
        {
            PanelRanges = Math.Min(cut.PanelRanges, g.Groups * tiles.Panels),
            TileRanges = Math.Min(cut.TileRanges, tiles.Tiles),
        };
        return new OuterProductFilterGradient(g, chunks, cut, tiles, new FilterSums(cut.Splits, checked((nint)tiles.Rows * g.OC), g.OC));
    }

    /// <summary>Rows of the tiles are output channels, where <see cref="CanHaveChannelRows"/> says so.</summary>
    public static OuterProductFilterGradient WithChannelRows(Conv2DGeometry g, GemmOuterKernel kernel)
    {
        SlidingSource source = ConvolutionPass.Forward(g).Source;
        var chunks = FilterGradientChunks.Choose(g, source);
        InputReader input = ChannelRowInput(g, source, chunks, kernel.VectorFloats);
        var tiles = new ChannelRowTiles(g, kernel, input, new DyInPlace(g, kernel.Isa, chunks));
        int splits = FilterGradientCut.Choose(g, chunks.Count(g, g.N), source.IsInPlace, blocked: false).Splits;
        var sums = new TransposedSums(g, splits, tiles.Tiles * kernel.MR, tiles.SumColumns, ChannelRowTiles.RunFloats(g, kernel));
        return new OuterProductFilterGradient(g, chunks, new FilterGradientCut(splits, 1, 1), tiles, sums);
    }

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(_sums.SharedFloats, WorkerFloats, threads);

    public void Run(IWorkScheduler scheduler, int batch, float* x, float* dy, float* dw, float* db, byte* workspace)
    {
        int splits = Math.Min(_cut.Splits, _chunks.Count(_g, batch));
        float* shared = WorkspaceLayout.Align(workspace);
        float* workers = shared + _sums.SharedFloats;
        var action = new ProductAction(this, batch, splits, x, dy, _sums.Filter(shared, dw, splits), _sums.Bias(shared), workers);
        scheduler.Run(splits * _cut.PanelRanges * _cut.TileRanges, _g.MultiplyAdds / _g.N * batch, action);
        _sums.WriteFilter(scheduler, shared, splits, dw);
        if (db is not null)
            _sums.WriteBias(shared, splits, db);
        GC.KeepAlive(this);
    }

    // Where groups have whole blocks of channels, x is copied into blocks; else it is read in place, or from a slab
    // where windows leave the image.
    private static InputReader FilterRowInput(Conv2DGeometry g, SlidingSource source, FilterGradientChunks chunks)
    {
        if (BlockedSource.Fits(g))
        {
            var slab = new BlockedSource(g, chunks.Images, chunks.Rows, chunks.AreRuns ? chunks.BlockColumns : g.OW);
            return chunks.AreRuns ? new RunBlockedReader(g, source, slab) : new BlockedReader(g, source, slab);
        }

        return source.IsInPlace ? new InputReader(g, source) : new SlabReader(g, source, chunks, 0);
    }

    // Whole vectors of a filter row are read, so the last pixels need a slab where a row is no whole number of vectors.
    private static InputReader ChannelRowInput(Conv2DGeometry g, SlidingSource source, FilterGradientChunks chunks, int vectorFloats)
    {
        if (source.IsInPlace && g.KW * g.GroupC % vectorFloats == 0)
            return new InputReader(g, source);
        return chunks.AreRuns ? new RunSlabReader(g, source, chunks, vectorFloats) : new SlabReader(g, source, chunks, vectorFloats);
    }

    private static int Share(int count, int index, int parts) => (int)((long)count * index / parts);

    private (int First, int End) Panels(int range)
    {
        int count = _g.Groups * _tiles.Panels;
        return (Share(count, range, _cut.PanelRanges), Share(count, range + 1, _cut.PanelRanges));
    }

    private (int First, int End) Tiles(int range) =>
        (Share(_tiles.Tiles, range, _cut.TileRanges), Share(_tiles.Tiles, range + 1, _cut.TileRanges));

    private (int First, int Count) Blocks((int First, int End) panels, (int First, int End) tiles)
    {
        (int, int) groups = (panels.First / _tiles.Panels, (panels.End - 1) / _tiles.Panels);
        int mr = _tiles.Kernel.MR;
        return _tiles.Input.Blocks(groups, (tiles.First * mr, Math.Min(tiles.End * mr, _tiles.Rows)));
    }

    private int MostBlocks()
    {
        int most = 0;
        for (int panels = 0; panels < _cut.PanelRanges; panels++)
        {
            for (int tiles = 0; tiles < _cut.TileRanges; tiles++)
                most = Math.Max(most, Blocks(Panels(panels), Tiles(tiles)).Count);
        }

        return most;
    }

    private void RunUnit(in ProductAction run, int split, int panelRange, int tileRange, int worker)
    {
        float* memory = run.Workers + (worker * WorkerFloats);
        float* packed = memory + _slabFloats;
        (int First, int End) panels = Panels(panelRange);
        (int First, int End) tiles = Tiles(tileRange);
        var unit = new GradientUnit
        {
            Sums = run.Sums + (split * _sums.Step),
            BiasSums = run.BiasSums + (split * _sums.Step),
            Slab = memory,
            Packed = packed,
            Scratch = packed + _tiles.Dy.PackedFloats,
            Panels = panels,
            Tiles = tiles,
            Channels = Blocks(panels, tiles),
        };
        int chunks = _chunks.Count(_g, run.Batch);
        int first = Share(chunks, split, run.Splits);
        int end = Share(chunks, split + 1, run.Splits);
        for (int chunk = first; chunk < end; chunk++)
            _walk.Add(unit, run.Batch, run.X, run.Dy, chunk, adds: chunk > first);
    }

    private readonly struct ProductAction(
        OuterProductFilterGradient engine,
        int batch,
        int splits,
        float* x,
        float* dy,
        float* sums,
        float* biasSums,
        float* workers) : IRangeAction
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
}
