using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The engine of depthwise convolutions (as many groups as input channels, any multiplier), forward and data gradient. Work is cut over
/// images × bands of rows × ranges of channels; inside a unit one vector of channels at a time walks its rows, so that a source line enters
/// the level-1 cache once. The image is read in place, its borders pixel by pixel, where that costs less than a copy into a slab with a
/// zero border. Every output is one chain of multiply-adds: neither cut nor threads change its bits.
/// </summary>
internal sealed unsafe class DepthwiseConvolution : IConvolutionEngine
{
    private const int WantedUnits = 8;
    private const int LeastBandRows = 4;
    private const int LineFloats = 16;
    private const int StreamedRows = 4;
    private const int LeastGroup = 2;
    private const int MostGroup = 4;

    private static readonly int s_bandBytes = Machine.Current.CoreCacheBytes / 8 * 3;
    private static readonly int s_groupBytes = Machine.Current.L1DataBytes / 4 * 3;
    private static readonly long s_largeBytes = Machine.Current.SharedCacheBytes / 4;
    private static readonly long s_streamedBytes = 3L * Machine.Current.SharedCacheBytes / 2;

    private readonly ConvolutionPass _pass;
    private readonly DepthwiseKernel _kernel;
    private readonly DepthwiseTiles _tiles;
    private readonly BlockActivation _activation;
    private readonly DepthwiseSource _source;
    private readonly DepthwisePhase[] _phases;
    private readonly int _channels;
    private readonly int _panels;
    private readonly int _sourceHeight;
    private readonly nint _sourceRow;
    private readonly int _gridRows;
    private readonly int _bandRows;
    private readonly int _bands;
    private readonly nint _slabRows;
    private readonly nint _tableFloats;
    private readonly nint _biasFloats;

    /// <summary>Plans a convolution that this <see cref="Serves"/>.</summary>
    /// <param name="pass">The convolution and its direction.</param>
    /// <param name="kernel">The tiles.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <exception cref="ShapeException">The packed filter, or a row of the source, is larger than one buffer can be.</exception>
    public DepthwiseConvolution(ConvolutionPass pass, DepthwiseKernel kernel, Epilogue epilogue)
    {
        Conv2DGeometry g = pass.Geometry;
        bool backward = !pass.IsForward;
        _pass = pass;
        _kernel = kernel;
        _tiles = kernel.For(epilogue.InRegisters);
        _activation = new BlockActivation(epilogue, kernel.Isa);
        DepthwiseAxis[] rows = backward ? DepthwiseAxis.Backward(g.Rows) : [DepthwiseAxis.Forward(g.Rows)];
        DepthwiseAxis[] columns = backward ? DepthwiseAxis.Backward(g.Columns) : [DepthwiseAxis.Forward(g.Columns)];
        int multiplier = g.GroupOC;
        int sourceChannels = pass.Source.Channels;
        _channels = pass.Channels;
        _panels = (_channels + kernel.Lanes - 1) / kernel.Lanes;
        _sourceHeight = rows[0].Source;
        _sourceRow = (nint)columns[0].Source * sourceChannels;
        int planes = backward ? multiplier : 1;
        bool inPlace = multiplier == 1;
        _source = new DepthwiseSource(columns, sourceChannels, checked(_panels * kernel.Lanes), backward ? 1 : multiplier, planes, inPlace);
        long packed = 0;
        var phases = new List<DepthwisePhase>();
        foreach (DepthwiseAxis row in rows)
        {
            foreach (DepthwiseAxis column in columns)
            {
                phases.Add(new DepthwisePhase(row, column, planes, _source.Pixel, _source.Origin, (nint)packed));
                packed += (long)phases[^1].Terms * _panels * kernel.Lanes;
            }
        }

        _phases = [.. phases];
        PackedFilterLength = OperatorChecks.PackedLength(packed, g);
        _gridRows = rows.Max(axis => axis.Count);
        long rowBytes = sizeof(float) * (((long)rows[0].Step * _source.RowFloats) + ((long)pass.RowStep * rows[0].DestinationStep));
        _bandRows = (int)Math.Clamp(s_bandBytes / Math.Max(1, rowBytes), Math.Min(LeastBandRows, _gridRows), _gridRows);
        if (g.N < WantedUnits)
            _bandRows = Math.Min(_bandRows, Math.Max(LeastBandRows, (_gridRows + (WantedUnits / g.N) - 1) / (WantedUnits / g.N)));
        _bands = (_gridRows + _bandRows - 1) / _bandRows;
        long reach = ((long)(_bandRows - 1) * rows[0].Step) + rows.Max(axis => (long)axis.Most) - rows.Min(axis => (long)axis.Least) + 1;
        _slabRows = inPlace ? 0 : (nint)Math.Min(reach, _sourceHeight);
        _tableFloats = WorkspaceLayout.AlignFloats(checked(_bandRows * (nint)rows.Max(axis => axis.Taps.Length))
            * (sizeof(nint) / sizeof(float)));
        _biasFloats = WorkspaceLayout.AlignFloats((nint)_panels * kernel.Lanes);
    }

    public string KernelName => _kernel.Name;

    public int PackedFilterLength { get; }

    private nint WorkerFloats => _tableFloats + WorkspaceLayout.AlignFloats(checked(_slabRows * _source.RowFloats));

    /// <summary>Whether the engine is made for a convolution: every input channel is a group.</summary>
    public static bool Serves(Conv2DGeometry g) => g.GroupC == 1 && g.Groups > 1;

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(_biasFloats, WorkerFloats, threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        int lanes = _kernel.Lanes;
        foreach (DepthwisePhase phase in _phases)
        {
            int planes = _pass.IsForward ? 1 : _pass.Geometry.GroupOC;
            Span<float> to = packed[(int)phase.PackedOffset..];
            for (int panel = 0; panel < _panels; panel++)
            {
                foreach (int kh in phase.Rows.Taps)
                {
                    foreach (int kw in phase.Columns.Taps)
                    {
                        ReadOnlySpan<float> tap = filter.Row((kh * _pass.Geometry.KW) + kw);
                        for (int plane = 0; plane < planes; plane++, to = to[lanes..])
                        {
                            for (int lane = 0; lane < lanes; lane++)
                            {
                                int channel = (panel * lanes) + lane;
                                int column = (channel * planes) + plane;
                                if (channel >= _channels)
                                    to[lane] = 0;
                                else if (column >= filter.First && column < filter.End)
                                    to[lane] = keepsDenormals ? tap[column - filter.First] : Denormals.Flush(tap[column - filter.First]);
                            }
                        }
                    }
                }
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
        NativeMemory.Clear(shared, (nuint)_biasFloats * sizeof(float));
        bias.CopyTo(new Span<float>(shared, _channels));
        int units = batch * _bands;
        int ranges = Math.Clamp((WantedUnits + units - 1) / units, 1, _panels);
        long bytes = batch * sizeof(float) * (((long)_sourceHeight * _sourceRow) + _pass.ImageStep);
        bool fillsLines = _channels % LineFloats == 0 && _pass.Pitch % LineFloats == 0
            && (nuint)destination % (LineFloats * sizeof(float)) == 0;
        bool streams = bytes > s_streamedBytes && _activation.IsNone && fillsLines;
        var action = new UnitAction(this, ranges, source, packed, shared, residual, destination, bytes > s_largeBytes, streams);
        scheduler.Run(units * ranges, _pass.Geometry.MultiplyAdds / _pass.Geometry.N * batch, action);
        GC.KeepAlive(this);
    }

    private void RunUnit(in UnitAction run, int image, int band, int firstPanel, int endPanel, int worker)
    {
        byte* memory = (byte*)(run.Shared + _biasFloats + (worker * WorkerFloats));
        float** table = (float**)memory;
        float* slab = (float*)memory + _tableFloats;
        float* from = run.Source + (image * _sourceHeight * _sourceRow);
        int firstRow = band * _bandRows;
        int firstChannel = firstPanel * _kernel.Lanes;
        int endChannel = Math.Min(endPanel * _kernel.Lanes, _channels);
        int slabFirst = 0;
        if (!_source.InPlace)
            slabFirst = FillSlab(from, slab, firstRow, firstChannel, endChannel);
        foreach (DepthwisePhase phase in _phases)
        {
            int rows = Math.Min(_bandRows, phase.Rows.Count - firstRow);
            if (rows <= 0)
                continue;
            FillTable(phase, table, firstRow, rows, _source.InPlace ? from : slab, slabFirst);
            nint firstDestination = phase.Rows.Destination + ((nint)firstRow * phase.Rows.DestinationStep);
            nint origin = (image * _pass.ImageStep) + (firstDestination * _pass.RowStep) + ((nint)phase.Columns.Destination * _pass.Pitch);
            RunPhase(phase, run, table, rows, origin, firstPanel, endPanel, endChannel);
        }

        if (!_activation.IsNone)
            Activate(run.Destination + (image * _pass.ImageStep), firstRow, firstChannel, endChannel);

        // Stores that go past the caches are not ordered with what tells other threads that the unit is done.
        if (run.Streams)
            Interlocked.MemoryBarrier();
    }

    // Copies the source rows that a band reads; returns the first of them.
    private int FillSlab(float* image, float* slab, int firstRow, int firstChannel, int endChannel)
    {
        long least = long.MaxValue, most = long.MinValue;
        foreach (DepthwisePhase phase in _phases)
        {
            long last = Math.Min(firstRow + _bandRows, phase.Rows.Count) - 1;
            least = Math.Min(least, ((long)firstRow * phase.Rows.Step) + phase.Rows.Least);
            most = Math.Max(most, (last * phase.Rows.Step) + phase.Rows.Most);
        }

        int first = (int)Math.Clamp(least, 0, _sourceHeight);
        int end = (int)Math.Clamp(most + 1, first, _sourceHeight);
        for (int row = first; row < end; row++)
            _source.CopyRow(image + (row * _sourceRow), slab + ((row - first) * _source.RowFloats), firstChannel, endChannel);
        return first;
    }

    private void FillTable(DepthwisePhase phase, float** table, int firstRow, int rows, float* source, int sourceFirst)
    {
        nint stride = _source.InPlace ? _sourceRow : _source.RowFloats;
        for (int i = 0; i < rows; i++)
        {
            foreach (int offset in phase.Rows.Offsets)
            {
                long row = ((long)(firstRow + i) * phase.Rows.Step) + offset;
                *table++ = row >= 0 && row < _sourceHeight ? source + ((nint)(row - sourceFirst) * stride) : null;
            }
        }
    }

    private void RunPhase(DepthwisePhase phase, in UnitAction run, float** table, int rows, nint origin, int firstPanel, int endPanel,
        int endChannel)
    {
        DepthwiseAxis columns = phase.Columns;
        int taps = phase.Rows.Taps.Length;
        DepthwiseTile tile;
        tile.SourceRowStep = taps;
        tile.SourceColumns = _source.RowFloats / _source.Pixel;
        tile.Stride = columns.Step;
        tile.PanelStep = (nint)phase.Terms * _kernel.Lanes;
        tile.ColumnStep = columns.Step * _source.Pixel;
        tile.PixelStep = _source.Pixel;
        tile.Runs = phase.Runs.Pointer;
        tile.RunCount = phase.Runs.Length;
        tile.DestinationRowStep = phase.Rows.DestinationStep * _pass.RowStep;
        tile.DestinationColumnStep = (nint)columns.DestinationStep * _pass.Pitch;
        tile.Streams = run.Streams;
        int block = run.IsLarge ? StreamedRows : rows;
        // The more vectors take turns in a row, the fewer pages a row of the image is spread over; the rows of all of them
        // should stay in the level-1 cache.
        int group = (int)Math.Clamp(s_groupBytes / Math.Max(1, (taps + 1L) * columns.Count * columns.Step * _kernel.Lanes * sizeof(float)),
            LeastGroup, MostGroup);
        nint share = (nint)block * phase.Rows.Step * _sourceRow / (endPanel - firstPanel);
        for (int row = 0; row < rows; row += block)
        {
            tile.SourceRows = table + (row * taps);
            tile.Rows = Math.Min(block, rows - row);
            for (int panel = firstPanel; panel < endPanel; panel += (int)tile.Panels)
            {
                int channel = panel * _kernel.Lanes;
                bool isWhole = channel + _kernel.Lanes <= endChannel;
                tile.Channels = isWhole ? _kernel.Lanes : endChannel - channel;
                tile.Panels = isWhole ? Math.Min(group, (endChannel - channel) / _kernel.Lanes) : 1;
                // While vectors of channels work on a few rows, their share of the next rows comes in, in the order of memory.
                float* last = run.IsLarge && _source.InPlace && taps > 0 ? table[(row * taps) + taps - 1] : null;
                tile.Ahead = last + _sourceRow + ((panel - firstPanel) * share);
                tile.AheadCount = last is null ? 0 : tile.Panels * share;
                tile.Weights = run.Packed + phase.PackedOffset + (panel * tile.PanelStep);
                tile.Bias = run.Shared + channel;
                RunColumns(&tile, columns, run, origin + (row * tile.DestinationRowStep) + channel, channel);
            }
        }
    }

    // Tiles of nearly equal widths; neighbours that take the same code go in one call.
    private void RunColumns(DepthwiseTile* tile, DepthwiseAxis columns, in UnitAction run, nint origin, int channel)
    {
        int insideFirst = _source.InPlace ? columns.InsideFirst : 0;
        int insideEnd = _source.InPlace ? columns.InsideEnd : columns.Count;
        int tiles = (columns.Count + DepthwiseTiles.MostColumns - 1) / DepthwiseTiles.MostColumns;
        (int width, int wide) = Math.DivRem(columns.Count, tiles);
        int column = 0;
        for (int i = 0; i < tiles;)
        {
            int size = i < wide ? width + 1 : width;
            int end = i < wide ? wide : tiles;
            bool isInside = IsInside(column);
            int count = 1;
            while (i + count < end && IsInside(column + (count * size)) == isInside)
                count++;
            nint to = origin + (column * tile->DestinationColumnStep);
            tile->Tiles = count;
            tile->SourceColumn = (nint)column * columns.Step;
            tile->SourceOffset = (column * tile->ColumnStep) + channel;
            tile->Destination = run.Destination + to;
            tile->Residual = run.Residual is null ? null : run.Residual + to;
            tile->AheadCount = i == 0 ? tile->AheadCount : 0;
            (tile->Channels < _kernel.Lanes ? _tiles.Part(size) : _tiles.Whole(size, !isInside))(tile);
            i += count;
            column += count * size;

            bool IsInside(int first) => first >= insideFirst && first + size <= insideEnd;
        }
    }

    // The phases of a band fill whole rows that follow one another.
    private void Activate(float* image, int firstRow, int firstChannel, int endChannel)
    {
        nint step = _phases[0].Rows.DestinationStep;
        nint first = firstRow * step;
        nint rows = Math.Min(_bandRows * step, _pass.Rows - first);
        _activation.Run(image + (first * _pass.RowStep) + firstChannel, rows * _pass.Columns, endChannel - firstChannel, _pass.Pitch);
    }

    private readonly struct UnitAction(
        DepthwiseConvolution engine,
        int ranges,
        float* source,
        float* packed,
        float* shared,
        float* residual,
        float* destination,
        bool isLarge,
        bool streams) : IRangeAction
    {
        public readonly float* Source = source;
        public readonly float* Packed = packed;
        public readonly float* Shared = shared;
        public readonly float* Residual = residual;
        public readonly float* Destination = destination;
        public readonly bool IsLarge = isLarge;
        public readonly bool Streams = streams;

        public void Invoke(int index, int worker)
        {
            (int rest, int range) = Math.DivRem(index, ranges);
            (int image, int band) = Math.DivRem(rest, engine._bands);
            int first = (int)((long)engine._panels * range / ranges);
            int end = (int)((long)engine._panels * (range + 1) / ranges);
            engine.RunUnit(this, image, band, first, end, worker);
        }
    }
}
