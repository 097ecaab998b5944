using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// 3×3 convolutions with stride 1 by Winograd's F(2×2) or F(4×4), forward or data gradient: tiles of the source become points, each
/// point is a matrix product over channels, products become tiles of the destination. Many tiles run block by block, each on one thread
/// from source to destination; few tiles run in three steps that all threads share. Every output is the same chain of operations either
/// way. Immutable and thread-safe.
/// </summary>
internal sealed unsafe class WinogradConvolution : IConvolutionEngine
{
    private const int MostBlockTiles = 240;
    private const int LeastBlockTiles = 24;

    private const int StepTiles = 4;
    private const int StepUnits = 4;

    private const int LineFloats = 16;

    // Points of a block that one thread works on: in the level-2 cache beside a panel of the filter.
    private static readonly int s_blockFloats = Machine.Current.CoreCacheBytes / 8 * 7 / sizeof(float);
    private static readonly int s_mostBlockFloats = Machine.Current.SharedCacheBytes / 2 / sizeof(float);

    private readonly ConvolutionPass _pass;
    private readonly WinogradMap _map;
    private readonly WinogradTransforms _transforms;
    private readonly GemmKernel _gemm;
    private readonly delegate*<WinogradOutput*, void> _output;
    private readonly BlockActivation _activation;
    private readonly WinogradTiles _tiles;
    private readonly int _blockTiles;
    private readonly int _points;
    private readonly int _panels;
    private readonly int _inFloats;
    private readonly int _outFloats;
    private readonly AlignedBuffer<nint> _inOffsets;
    private readonly AlignedBuffer<nint> _outOffsets;

    /// <summary>Plans a convolution.</summary>
    /// <param name="pass">The convolution and its direction.</param>
    /// <param name="kernels">The transforms.</param>
    /// <param name="gemm">The tile of the matrix products.</param>
    /// <param name="algorithm"><see cref="ConvAlgorithm.Winograd2"/> or <see cref="ConvAlgorithm.Winograd4"/>.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <exception cref="ShapeException">The packed filter is larger than one buffer can be.</exception>
    public WinogradConvolution(ConvolutionPass pass, WinogradKernels kernels, GemmKernel gemm, ConvAlgorithm algorithm, Epilogue epilogue)
    {
        var map = WinogradMap.Of(pass);
        _pass = pass;
        _map = map;
        _transforms = algorithm == ConvAlgorithm.Winograd2 ? kernels.Form2 : kernels.Form4;
        _gemm = gemm;
        _output = _transforms.Output(epilogue.InRegisters);
        _activation = new BlockActivation(epilogue, kernels.Isa);
        int outputs = _transforms.Outputs;
        _tiles = WinogradTiles.Source(map, _transforms);
        _points = _transforms.Points * _transforms.Points;
        _panels = (map.Channels + gemm.NR - 1) / gemm.NR;
        _inFloats = _tiles.RowFloats;
        _outFloats = WinogradTiles.RoundUp(Math.Max(_panels * gemm.NR, map.Channels), WinogradTiles.VectorFloats);
        _blockTiles = WinogradTiles.RoundUp(BlockTilesFor((_inFloats + _outFloats) * _points), gemm.MR);
        KernelName = $"Winograd{outputs}{kernels.Isa}+{gemm.Name}";
        long packed = (long)_points * _panels * gemm.NR * map.SourceChannels;
        PackedFilterLength = OperatorChecks.PackedLength(packed, map);

        _inOffsets = new AlignedBuffer<nint>(gemm.MR);
        _outOffsets = new AlignedBuffer<nint>(gemm.MR);
        for (int row = 0; row < gemm.MR; row++)
        {
            _inOffsets.Span[row] = (nint)row * _inFloats;
            _outOffsets.Span[row] = (nint)row * _outFloats;
        }
    }

    public string KernelName { get; }

    public int PackedFilterLength { get; }

    // The padded bias, then zeros: a tile's row of source pixels, or a panel's row of biases.
    private nint SharedFloats => _outFloats + WorkspaceLayout.AlignFloats(Math.Max(_tiles.ZeroFloats, _gemm.NR));

    private nint ScratchFloats => WinogradTiles.ScratchFloats(_points);

    public int WorkspaceBytes(int threads) =>
        WorkspaceLayout.Bytes(checked(SharedFloats + Math.Max(StepFloats(MostStepTiles(threads)), BlockFloatsOf(threads) * threads)),
            ScratchFloats, threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        int ic = _map.SourceChannels;
        int oc = _map.Channels;
        int nr = _gemm.NR;
        // The data gradient takes the filter flipped, with its channels swapped.
        bool transposed = !_pass.IsForward;
        (int firstSource, int endSource) = transposed ? (filter.First, filter.End) : (0, ic);
        (int firstColumn, int endColumn) = transposed ? (0, oc) : (filter.First, filter.End);
        if (endColumn == oc)
            ClearPadding(packed, firstSource, endSource);
        nint tapStep = (nint)filter.Rows / 9 * filter.Pitch;
        fixed (float* w = filter.Values, to = packed)
        {
            WinogradFilterRows rows = default;
            rows.PointStep = (nint)_panels * ic * nr;
            rows.PointRow = nr;
            rows.KeepsDenormals = keepsDenormals;
            // Large filters go past the caches: other memory would have taken their place before they are used.
            rows.Streams = packed.Length > WinogradTiles.LargeFloats && nr % LineFloats == 0
                && (nuint)to % (LineFloats * sizeof(float)) == 0 && firstColumn % LineFloats == 0;
            for (int column = firstColumn, end; column < endColumn; column = end)
            {
                int panel = column / nr;
                end = Math.Min((panel + 1) * nr, endColumn);
                rows.Columns = end - column;
                rows.Points = to + ((((nint)panel * ic) + firstSource) * nr) + (column - (panel * nr));
                rows.Rows = endSource - firstSource;
                if (transposed)
                {
                    PackTransposed(w + ((nint)column * filter.Pitch), filter.Pitch, tapStep, rows);
                    continue;
                }

                rows.Taps = w + (column - firstColumn);
                rows.TapStep = tapStep;
                rows.TapRow = filter.Pitch;
                _transforms.FilterPoints(&rows);
            }

            // Stores that go past the caches are not ordered with what tells other threads that the part is done.
            if (rows.Streams)
                Interlocked.MemoryBarrier();
        }
    }

    // In the filter the source channels lie next to one another: blocks of 16 by 16 channels are transposed first.
    private void PackTransposed(float* from, int pitch, nint tapStep, WinogradFilterRows rows)
    {
        const int Tap = LineFloats * LineFloats;
        float* memory = stackalloc float[(9 * Tap) + LineFloats - 1];
        float* taps = WorkspaceLayout.Align((byte*)memory);
        nint sources = rows.Rows;
        nint columns = rows.Columns;
        float* points = rows.Points;
        rows.Taps = taps + (8 * Tap);
        rows.TapStep = -Tap;
        rows.TapRow = LineFloats;
        for (nint k = 0; k < sources; k += LineFloats)
        {
            rows.Rows = Math.Min(LineFloats, sources - k);
            for (nint c = 0; c < columns; c += LineFloats)
            {
                rows.Columns = Math.Min(LineFloats, columns - c);
                rows.Points = points + (k * rows.PointRow) + c;
                for (nint t = 0; t < 9; t++)
                    PlanarCopy.ToPlanes(from + (t * tapStep) + (c * pitch) + k, pitch, rows.Columns, rows.Rows, taps + (t * Tap),
                        LineFloats);
                _transforms.FilterPoints(&rows);
            }
        }
    }

    public void Run(
        IWorkScheduler scheduler,
        int batch,
        float* source,
        float* packed,
        ReadOnlySpan<float> bias,
        float* residual,
        float* destination,
        byte* workspace)
    {
        float* shared = WorkspaceLayout.Align(workspace);
        NativeMemory.Clear(shared, (nuint)SharedFloats * sizeof(float));
        bias.CopyTo(new Span<float>(shared, _map.Channels));
        int threads = scheduler.MaxThreads;
        int tiles = checked(batch * _tiles.ImageTiles);
        float* points = shared + SharedFloats;
        float* scratch = points + Math.Max(StepFloats(MostStepTiles(threads)), BlockFloatsOf(threads) * threads);
        long products = (long)tiles * _points * _map.SourceChannels * _map.Channels;
        long floats = batch
            * (((long)_map.SourceRows * _map.SourceColumns * _map.SourceChannels) + ((long)_map.Rows * _map.Columns * _map.Channels));
        var run = new Job(this, tiles, floats > WinogradTiles.LargeFloats, source, packed, shared, residual, destination, points, scratch);
        if (threads == 1 || tiles > MostStepTiles(threads))
        {
            int most = BlockTilesOf(threads);
            int blocks = WinogradTiles.RoundUp((tiles + most - 1) / most, threads);
            int blockTiles = (tiles + blocks - 1) / blocks;
            scheduler.Run((tiles + blockTiles - 1) / blockTiles, products, new BlockAction(run, blockTiles, BlockFloatsOf(threads)));
        }
        else
        {
            long transforms = (long)tiles * _points * StepUnits;
            scheduler.Run((tiles + StepTiles - 1) / StepTiles, transforms * _map.SourceChannels, new InputAction(run));
            int splits = Math.Min(_panels, ((StepUnits * threads) + _points - 1) / _points);
            scheduler.Run(_points * splits, products, new ProductAction(run, splits));
            scheduler.Run((tiles + StepTiles - 1) / StepTiles, transforms * _map.Channels, new OutputAction(run));
        }

        GC.KeepAlive(this);
    }

    // The columns of the last panel that no channel has.
    private void ClearPadding(Span<float> packed, int firstSource, int endSource)
    {
        int ic = _map.SourceChannels;
        int nr = _gemm.NR;
        int used = _map.Channels - ((_panels - 1) * nr);
        if (used == nr)
            return;
        for (int point = 0; point < _points; point++)
        {
            Span<float> panel = packed.Slice(((point * _panels) + _panels - 1) * ic * nr, ic * nr);
            for (int k = firstSource; k < endSource; k++)
                panel.Slice((k * nr) + used, nr - used).Clear();
        }
    }

    // Blocks that fit the level-2 cache; where only tiny ones would, large ones, so that the filters come from memory less often.
    private static int BlockTilesFor(int tileFloats) =>
        Math.Clamp(
            (s_blockFloats / tileFloats >= LeastBlockTiles ? s_blockFloats : s_mostBlockFloats) / tileFloats,
            LeastBlockTiles,
            MostBlockTiles);

    // With this many tiles and fewer, blocks would be too small or too few for the threads.
    private int MostStepTiles(int threads) =>
        threads == 1 ? 0 : (int)Math.Min((long)_pass.Geometry.N * _tiles.ImageTiles, 2L * threads * LeastBlockTiles);

    // Threads want blocks enough for all of them; one thread takes the largest.
    private int BlockTilesOf(int threads)
    {
        long tiles = (long)_pass.Geometry.N * _tiles.ImageTiles;
        long share = threads == 1 ? tiles : (tiles + (2 * threads) - 1) / (2 * threads);
        return (int)Math.Min(_blockTiles, Math.Max(share, 1));
    }

    private nint BlockFloatsOf(int threads) =>
        PointFloats(BlockTilesOf(threads), _inFloats) + PointFloats(BlockTilesOf(threads), _outFloats);

    private nint StepFloats(int tiles) => PointFloats(tiles, _inFloats) + PointFloats(tiles, _outFloats);

    private nint PointStep(int tiles, int rowFloats) =>
        checked(((nint)WinogradTiles.RoundUp(tiles, _gemm.MR) * rowFloats) + WinogradTiles.PointPad);

    private nint PointFloats(int tiles, int rowFloats) => checked(PointStep(tiles, rowFloats) * _points);

    private void TransformInput(in Job run, int first, int end, float* points, nint pointStep, float* scratch) =>
        _tiles.Transform(run.Source, run.Shared + _outFloats, first, end, points, _inFloats, pointStep, scratch, run.ReadsAhead);

    private void Multiply(in Job run, int tiles, int firstPoint, int endPoint, int firstPanel, int endPanel, float* points, nint pointStep,
        float* products, nint productStep)
    {
        int nr = _gemm.NR;
        int mr = _gemm.MR;
        int terms = _map.SourceChannels;
        float* zeros = run.Shared + _outFloats;
        GemmTile tile;
        tile.Residual = null;
        tile.RunCount = 1;
        tile.Columns = nr;
        GemmRun stretch;
        tile.Runs = &stretch;
        for (int point = firstPoint; point < endPoint; point++)
        {
            float* filter = run.Packed + ((nint)point * _panels * terms * nr);
            for (int term = 0; term < terms; term += PanelPlan.ReductionLimit)
            {
                stretch = new GemmRun(term, Math.Min(PanelPlan.ReductionLimit, terms - term));
                tile.Bias = term == 0 ? zeros : null;
                for (int panel = firstPanel; panel < endPanel; panel++)
                {
                    tile.B = filter + ((((nint)panel * terms) + term) * nr);
                    for (int t = 0; t < tiles; t += mr)
                    {
                        tile.A = points + (point * pointStep) + ((nint)t * _inFloats);
                        tile.C = products + (point * productStep) + ((nint)t * _outFloats) + ((nint)panel * nr);
                        tile.RowOffsets = _inOffsets.Pointer;
                        tile.OutputOffsets = _outOffsets.Pointer;
                        tile.Rows = Math.Min(mr, tiles - t);
                        _gemm.Run(&tile);
                    }
                }
            }
        }
    }

    private void TransformOutput(in Job run, int first, int end, float* products, nint productStep, float* scratch)
    {
        var tile = new WinogradOutput
        {
            PointStep = productStep,
            Bias = run.Shared,
            RowStep = _pass.RowStep,
            ColumnStep = _pass.Pitch,
            Channels = _map.Channels,
            Scratch = scratch,
        };
        WinogradOutput next = tile;
        for (int t = first; t < end; t++, products += _outFloats)
        {
            Place(run, t, &tile);
            tile.Points = products;
            if (run.ReadsAhead && t + WinogradTiles.TilesAhead < end)
            {
                Place(run, t + WinogradTiles.TilesAhead, &next);
                Prefetch(&next);
            }

            _output(&tile);
            for (int i = 0; i < tile.Rows && !_activation.IsNone; i++)
                _activation.Run(tile.Destination + (i * tile.RowStep), tile.Columns, tile.Channels, tile.ColumnStep);
        }
    }

    private void Place(in Job run, int t, WinogradOutput* tile)
    {
        int outputs = _transforms.Outputs;
        (int image, int place) = Math.DivRem(t, _tiles.ImageTiles);
        (int tileRow, int tileColumn) = Math.DivRem(place, _tiles.TileColumns);
        int row = tileRow * outputs;
        int column = tileColumn * outputs;
        nint at = ((((nint)image * _map.Rows) + row) * tile->RowStep) + ((nint)column * _pass.Pitch);
        tile->Destination = run.Destination + at;
        tile->Residual = run.Residual is null ? null : run.Residual + at;
        tile->Rows = Math.Min(outputs, _map.Rows - row);
        tile->Columns = Math.Min(outputs, _map.Columns - column);
    }

    private static void Prefetch(WinogradOutput* tile)
    {
        // The columns of a row are one stretch, unless something else lies between them.
        nint stretches = tile->ColumnStep == tile->Channels ? 1 : tile->Columns;
        nint floats = tile->Columns / stretches * tile->Channels;
        for (nint i = 0; i < tile->Rows; i++)
        {
            for (nint j = 0; j < stretches; j++)
            {
                nint at = (i * tile->RowStep) + (j * tile->ColumnStep);
                PrefetchX86.ToLevel2(tile->Destination + at, floats);
                if (tile->Residual is not null)
                    PrefetchX86.ToLevel2(tile->Residual + at, floats);
            }
        }
    }

    private readonly struct Job(
        WinogradConvolution engine,
        int tiles,
        bool readsAhead,
        float* source,
        float* packed,
        float* shared,
        float* residual,
        float* destination,
        float* points,
        float* scratch)
    {
        public readonly WinogradConvolution Engine = engine;
        public readonly int Tiles = tiles;
        public readonly bool ReadsAhead = readsAhead;
        public readonly float* Source = source;
        public readonly float* Packed = packed;
        public readonly float* Shared = shared;
        public readonly float* Residual = residual;
        public readonly float* Destination = destination;
        public readonly float* Points = points;

        public float* Scratch(int worker) => scratch + (worker * Engine.ScratchFloats);
    }

    private readonly struct BlockAction(Job run, int blockTiles, nint workerFloats) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            WinogradConvolution e = run.Engine;
            int first = index * blockTiles;
            int end = Math.Min(run.Tiles, first + blockTiles);
            nint pointStep = e.PointStep(blockTiles, e._inFloats);
            nint productStep = e.PointStep(blockTiles, e._outFloats);
            float* points = run.Points + (worker * workerFloats);
            float* products = points + (pointStep * e._points);
            e.TransformInput(run, first, end, points, pointStep, run.Scratch(worker));
            e.Multiply(run, end - first, 0, e._points, 0, e._panels, points, pointStep, products, productStep);
            e.TransformOutput(run, first, end, products, productStep, run.Scratch(worker));
        }
    }

    private readonly struct InputAction(Job run) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            WinogradConvolution e = run.Engine;
            int first = index * StepTiles;
            e.TransformInput(run, first, Math.Min(run.Tiles, first + StepTiles), run.Points + ((nint)first * e._inFloats),
                e.PointStep(run.Tiles, e._inFloats), run.Scratch(worker));
        }
    }

    private readonly struct ProductAction(Job run, int splits) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            WinogradConvolution e = run.Engine;
            (int point, int split) = Math.DivRem(index, splits);
            nint pointStep = e.PointStep(run.Tiles, e._inFloats);
            e.Multiply(
                run,
                run.Tiles,
                point,
                point + 1,
                e._panels * split / splits,
                e._panels * (split + 1) / splits,
                run.Points,
                pointStep,
                run.Points + (pointStep * e._points),
                e.PointStep(run.Tiles, e._outFloats));
        }
    }

    private readonly struct OutputAction(Job run) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            WinogradConvolution e = run.Engine;
            int first = index * StepTiles;
            float* products = run.Points + (e.PointStep(run.Tiles, e._inFloats) * e._points);
            e.TransformOutput(run, first, Math.Min(run.Tiles, first + StepTiles), products + ((nint)first * e._outFloats),
                e.PointStep(run.Tiles, e._outFloats), run.Scratch(worker));
        }
    }
}
