using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Convolutions (and so dense layers) in either direction by GEMM tiles, for any sizes. A rows of the tiles are stretches of the
/// source itself, or of a padded slab of it. Each phase of the destination is a product of its own, so a stride multiplies no zeros.
/// Every output is one chain of multiply-adds in a fixed order: neither chunks nor threads change its bits. Immutable and
/// thread-safe; workspaces are the caller's.
/// </summary>
internal sealed unsafe class DirectConvolution : IConvolutionEngine
{
    private const int BlockPixels = 192;
    private const int WantedUnits = 8;
    private const int LeastPanels = 4;
    private const int RowVectors = 4;
    private const int SharedWeights = 256 * 1024;

    private readonly ConvolutionPass _pass;
    private readonly PanelPlan _plan;
    private readonly Panel[] _panels;
    private readonly BlockActivation _activation;
    private readonly UnreachedPixels _unreached;
    private readonly SlidingSource _source;
    private readonly PixelChunks _chunks;
    private readonly GridPhase[] _phases;
    private readonly nint _biasFloats;
    private readonly nint _slabFloats;
    private readonly long _terms;

    /// <summary>Plans a convolution.</summary>
    /// <param name="pass">The convolution and its direction.</param>
    /// <param name="plan">The panels of a group of its destination.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <exception cref="ShapeException">The packed filter is larger than one buffer can be.</exception>
    public DirectConvolution(ConvolutionPass pass, PanelPlan plan, Epilogue epilogue)
    {
        _pass = pass;
        _plan = plan;
        GemmKernel main = plan.Panels[0].Kernel;
        KernelName = main.Name;
        _activation = new BlockActivation(epilogue, main.Isa);
        _unreached = new UnreachedPixels(epilogue, main.Isa);
        _source = pass.Source;
        _chunks = PixelChunks.Choose(_source, pass.Geometry.N);
        var phases = new List<GridPhase>();
        long packed = 0;
        foreach (TapPhase taps in pass.Phases())
        {
            var phase = new GridPhase(pass, taps, _chunks, (nint)packed);
            phases.Add(phase);
            packed += (long)phase.Terms * pass.Groups * plan.PackedColumns;
            _terms += (long)phase.Terms * phase.Rows.Count * phase.Columns.Count;
        }

        _phases = [.. phases];
        PackedFilterLength = OperatorChecks.PackedLength(packed, pass.Geometry);
        _panels = new Panel[pass.Groups * plan.Panels.Length];
        for (int i = 0; i < _panels.Length; i++)
        {
            int group = i / plan.Panels.Length;
            GemmPanel panel = plan.Panels[i % plan.Panels.Length];
            _panels[i] = new Panel
            {
                Source = (nint)group * pass.GroupIn,
                Channel = ((nint)group * pass.GroupOut) + panel.Column,
                Columns = panel.Columns,
                Width = panel.Kernel.NR,
                Packed = ((nint)group * plan.PackedColumns) + panel.Packed,
                Run = panel.Kernel.Run,
                Finish = panel.Kernel.For(epilogue.InRegisters),
            };
        }

        _biasFloats = WorkspaceLayout.AlignFloats((nint)pass.Groups * plan.PackedColumns);
        _slabFloats = WorkspaceLayout.AlignFloats(checked(_source.SlabFloats(_chunks.Rows) * _chunks.Images));
    }

    /// <summary>The tile of the widest panels.</summary>
    public string KernelName { get; }

    public int PackedFilterLength { get; }

    /// <summary>The panels of least cost for a group; a tier of null means <see cref="CpuInfo.Isa"/>.</summary>
    public static PanelPlan Plan(ConvolutionPass pass, IsaLevel? isa)
    {
        // With stride s, a phase of the data gradient sees about 1/s of the filter's rows and of its columns.
        Conv2DGeometry g = pass.Geometry;
        (int stepH, int stepW) = pass.IsForward ? (1, 1) : (g.StrideH, g.StrideW);
        long terms = Math.Max(1, (long)g.KH * g.KW * pass.GroupIn / stepH / stepW);
        long rows = (long)g.N * pass.Rows * pass.Columns;
        GemmKernel[] kernels = [.. GemmKernels.Of(GemmKernels.All, isa)];
        // A single row has panels alone to share between threads, and four vectors of sums read a large filter as fast as eight.
        if (rows == 1 && terms * pass.GroupOut >= SharedWeights)
            kernels = [.. kernels.Where(kernel => kernel.NR <= Math.Max(RowVectors * kernel.Lanes, pass.GroupOut / WantedUnits))];
        return PanelPlan.Choose(
            kernels,
            pass.GroupOut,
            rows,
            terms,
            Math.Max(1, g.KH / stepH));
    }

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(_biasFloats, _slabFloats, threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        foreach (GridPhase phase in _phases)
            FilterPacking.Pack(_pass, _plan, phase.Taps, filter, packed[(int)phase.PackedOffset..], keepsDenormals);
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
        PadBias(bias, shared);
        int chunks = _chunks.Count(batch);
        int panels = _panels.Length;
        int least = _source.IsInPlace ? 1 : LeastPanels;
        int splits = Math.Clamp((WantedUnits + chunks - 1) / chunks, 1, Math.Max(1, panels / least));
        var action = new UnitAction(this, batch, splits, source, packed, shared, residual, destination);
        scheduler.Run(chunks * splits, _terms * _pass.Channels * batch, action);
        GC.KeepAlive(this);
    }

    private void PadBias(ReadOnlySpan<float> bias, float* padded)
    {
        NativeMemory.Clear(padded, (nuint)_biasFloats * sizeof(float));
        if (bias.IsEmpty)
            return;
        int channels = _pass.GroupOut;
        for (int group = 0; group < _pass.Groups; group++)
            bias.Slice(group * channels, channels).CopyTo(new Span<float>(padded + ((nint)group * _plan.PackedColumns), channels));
    }

    private void RunUnit(int chunk, int firstPanel, int endPanel, in UnitAction run, int worker)
    {
        float* slab = run.Shared + _biasFloats + (worker * _slabFloats);
        int firstImage = _chunks.Bands > 1 ? chunk / _chunks.Bands : chunk * _chunks.Images;
        int images = _chunks.Bands > 1 ? 1 : Math.Min(_chunks.Images, run.Batch - firstImage);
        int firstRow = _chunks.Bands > 1 ? chunk % _chunks.Bands * _chunks.Rows : 0;
        int rows = Math.Min(_chunks.Rows, _source.Rows.Grid - firstRow);
        float* image = run.Source + (firstImage * _source.ImageFloats);
        float* source = slab;
        if (_source.IsInPlace)
        {
            source = _source.InPlace(image, firstRow);
        }
        else
        {
            for (int i = 0; i < images; i++)
                _source.CopySlab(image + (i * _source.ImageFloats), firstRow, rows, slab + (i * _source.ImageStep));
        }

        foreach (GridPhase phase in _phases)
        {
            nint skipped = 0;
            int validRows = phase.Rows.Count;
            if (_chunks.Bands > 1)
            {
                int first = Math.Max(firstRow, phase.Rows.First);
                validRows = Math.Min(firstRow + rows, phase.Rows.First + phase.Rows.Count) - first;
                skipped = (nint)(first - firstRow) * phase.Columns.Count;
            }

            nint pixels = (nint)images * validRows * phase.Columns.Count;
            if (pixels <= 0)
                continue;
            nint origin = (firstImage * _pass.ImageStep) + phase.DestinationOrigin + (firstRow * phase.Rows.Step);
            float* residual = run.Residual is null ? null : run.Residual + origin;
            RunPhase(
                phase,
                source,
                run.Destination + origin,
                residual,
                run,
                phase.SourceOffsets.Pointer + skipped,
                phase.DestinationOffsets.Pointer + skipped,
                pixels,
                firstPanel,
                endPanel);
        }
    }

    private void RunPhase(
        GridPhase phase,
        float* source,
        float* destination,
        float* residual,
        in UnitAction run,
        nint* sourceOffsets,
        nint* destinationOffsets,
        nint pixels,
        int firstPanel,
        int endPanel)
    {
        if (phase.Blocks.Length == 0)
        {
            FillPhase(destination, residual, run.Shared, destinationOffsets, pixels, firstPanel, endPanel);
            return;
        }

        GemmTile tile;
        for (nint first = 0; first < pixels; first += BlockPixels)
        {
            tile.Rows = Math.Min(BlockPixels, pixels - first);
            tile.RowOffsets = sourceOffsets + first;
            tile.OutputOffsets = destinationOffsets + first;
            for (int b = 0; b < phase.Blocks.Length; b++)
            {
                ReductionBlock block = phase.Blocks[b];
                bool isLast = b == phase.Blocks.Length - 1;
                tile.Runs = phase.Runs.Pointer + block.FirstRun;
                tile.RunCount = block.RunCount;
                for (int p = firstPanel; p < endPanel; p++)
                {
                    ref readonly Panel panel = ref _panels[p];
                    tile.A = source + panel.Source;
                    tile.B = run.Packed + phase.PackedOffset + (panel.Packed * phase.Terms) + (panel.Width * block.FirstTerm);
                    tile.C = destination + panel.Channel;
                    tile.Columns = panel.Columns;
                    tile.Residual = residual is null ? null : residual + panel.Channel;
                    tile.Bias = b == 0 ? run.Shared + panel.Packed : null;
                    (isLast ? panel.Finish : panel.Run)(&tile);
                }
            }

            if (!_activation.IsNone)
                Activate(destination, tile.OutputOffsets, tile.Rows, FirstChannel(firstPanel), FirstChannel(endPanel));
        }
    }

    // The first output channel of a panel, or the end of the one before it.
    private nint FirstChannel(int panel) => panel < _panels.Length ? _panels[panel].Channel : _pass.Channels;

    private void Activate(float* destination, nint* offsets, nint pixels, nint firstChannel, nint endChannel)
    {
        nint channels = endChannel - firstChannel;
        nint end;
        for (nint m = 0; m < pixels; m = end)
        {
            // Pixels that follow one another in memory are one stretch.
            end = m + 1;
            while (end < pixels && offsets[end] - offsets[end - 1] == channels)
                end++;
            _activation.Run(destination + offsets[m] + firstChannel, (end - m) * channels);
        }
    }

    private void FillPhase(float* destination, float* residual, float* bias, nint* offsets, nint pixels, int firstPanel, int endPanel)
    {
        for (nint m = 0; m < pixels; m++)
        {
            for (int p = firstPanel; p < endPanel; p++)
            {
                ref readonly Panel panel = ref _panels[p];
                nint at = offsets[m] + panel.Channel;
                _unreached.Fill(destination + at, residual is null ? null : residual + at, bias + panel.Packed, panel.Columns);
            }
        }
    }

    // One panel of one group: where its channels lie and the tile that computes them.
    private struct Panel
    {
        public nint Source;
        public nint Channel;
        public nint Columns;
        public nint Width;
        public nint Packed;
        public delegate*<GemmTile*, void> Run;
        public delegate*<GemmTile*, void> Finish;
    }

    private readonly struct UnitAction(
        DirectConvolution engine,
        int batch,
        int splits,
        float* source,
        float* packed,
        float* shared,
        float* residual,
        float* destination) : IRangeAction
    {
        public readonly int Batch = batch;
        public readonly float* Source = source;
        public readonly float* Packed = packed;
        public readonly float* Shared = shared;
        public readonly float* Residual = residual;
        public readonly float* Destination = destination;

        public void Invoke(int index, int worker)
        {
            int panels = engine._panels.Length;
            int split = index % splits;
            int first = (int)((long)panels * split / splits);
            int end = (int)((long)panels * (split + 1) / splits);
            engine.RunUnit(index / splits, first, end, this, worker);
        }
    }
}
