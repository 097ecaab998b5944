using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Convolutions in either direction with few destination channels, where lanes that were channels would idle: a band of the source is
/// copied into zero-bordered planes, one a channel, and the lanes of a tile are pixels that follow one another in a plane. Tiles leave
/// their outputs in scratch planes, which are transposed into the destination. The order of terms is that of
/// <see cref="DirectConvolution"/>, so the bits are too; taps in rows beyond the image are left out where rows are walked one by one.
/// Windows must lie one column apart. Immutable and thread-safe.
/// </summary>
internal sealed unsafe class PlanarConvolution : IConvolutionEngine
{
    private const int WantedBands = 4;
    private const int WantedUnits = 8;
    private const long LeastBandTerms = 100_000;
    private const double TransposeCycles = 0.6;

    private static readonly int s_slabBudgetFloats = Machine.Current.CoreCacheBytes / 16 * 3 / sizeof(float);

    private readonly ConvolutionPass _pass;
    private readonly PlanarPlan _plan;
    private readonly bool _joinsRows;
    private readonly bool _writesSix;
    private readonly Epilogue _epilogue;
    private readonly BlockActivation _activation;
    private readonly UnreachedPixels _unreached;
    private readonly SlidingSource _source;
    private readonly PlanarPhase[] _phases;
    private readonly int _groupOut;
    private readonly int _bandRows;
    private readonly int _bands;
    // Floats from a row of a plane to the next, which begins with zeros that the row ends with too.
    private readonly int _width;
    private readonly int _sharedBorder;
    private readonly nint _plane;
    private readonly nint _slabFloats;
    private readonly nint _biasFloats;
    private readonly nint _scratchFloats;
    private readonly AlignedBuffer<nint> _filterRows;
    private readonly AlignedBuffer<nint> _outputRows;
    private readonly long _terms;

    /// <summary>Plans a convolution that this <see cref="Serves"/>.</summary>
    /// <param name="pass">The convolution and its direction.</param>
    /// <param name="kernels">The tiles to choose from.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <exception cref="ShapeException">The packed filter is larger than one buffer can be.</exception>
    public PlanarConvolution(ConvolutionPass pass, IReadOnlyList<GemmKernel> kernels, Epilogue epilogue)
    {
        SlidingSource source = pass.Source;
        int groups = pass.Groups;
        int groupOut = pass.GroupOut;
        _pass = pass;
        _epilogue = epilogue;
        _source = source;
        _groupOut = groupOut;
        _sharedBorder = SharedBorder(source.Columns);
        _width = source.Columns.Extent(source.Columns.Grid) - _sharedBorder;
        var phases = new List<PlanarPhase>();
        long packed = 0;
        int mostTerms = 1;
        int mostColumns = 1;
        foreach (TapPhase taps in pass.Phases())
        {
            var phase = new PlanarPhase(taps, pass.GroupIn, _width, (nint)packed);
            phases.Add(phase);
            packed += (long)phase.Terms * pass.Channels;
            _terms += (long)phase.Terms * phase.Rows.Count * phase.Columns.Count;
            mostTerms = Math.Max(mostTerms, phase.Terms);
            mostColumns = Math.Max(mostColumns, phase.Columns.Count);
        }

        _phases = [.. phases];
        PackedFilterLength = OperatorChecks.PackedLength(packed, pass.Geometry);
        int gridRows = source.Rows.Grid;
        long rowsInBudget = (((s_slabBudgetFloats / ((long)source.Channels * _width)) - source.Rows.Span) / source.Rows.Step) + 1;
        long rows = Math.Clamp(rowsInBudget, 1, gridRows);
        if (pass.Geometry.N < WantedUnits && _terms * groupOut * groups >= LeastBandTerms)
            rows = Math.Min(rows, (gridRows + WantedBands - 1) / WantedBands);
        _bands = (int)((gridRows + rows - 1) / rows);
        _bandRows = (gridRows + _bands - 1) / _bands;

        PlanarPlan separate = PlanarPlan.Choose(kernels, groupOut, mostColumns, mostTerms);
        int joinedLength = checked(((_bandRows - 1) * _width) + mostColumns);
        PlanarPlan joined = PlanarPlan.Choose(kernels, groupOut, joinedLength, mostTerms);
        double joinedCycles = joined.Cycles(groupOut, joinedLength, mostTerms);
        double separateCycles = _bandRows * separate.Cycles(groupOut, mostColumns, mostTerms) * RowsInside(source, _phases);
        _joinsRows = source.Rows.Step == 1 && joinedCycles < separateCycles;
        _plan = _joinsRows ? joined : separate;
        double planes = source.Rows.Extent(_bandRows) * (double)_width * source.Channels;
        double outputs = (double)_bandRows * mostColumns * groupOut * groups * _phases.Length;
        double image = _bands
            * ((Math.Min(joinedCycles, separateCycles) * groups * _phases.Length) + (TransposeCycles * (planes + outputs)));
        Cycles = image * pass.Geometry.N;
        bool pixelsOfSix = groupOut == 6 && phases.TrueForAll(phase => phase.Columns.Step == 6);
        _writesSix = pixelsOfSix && Avx512F.IsSupported && kernels[0].Isa == IsaLevel.Avx512;
        _activation = new BlockActivation(epilogue, _plan.Main.Isa);
        _unreached = new UnreachedPixels(epilogue, _plan.Main.Isa);

        _plane = WorkspaceLayout.AlignFloats(checked(((nint)source.Rows.Extent(_bandRows) * _width) + _sharedBorder)) | 16;
        _slabFloats = checked(WorkspaceLayout.AlignFloats(_plane * source.Channels) + _plan.Main.NR);
        _scratchFloats = (nint)groupOut * _plan.Main.NR;
        _biasFloats = WorkspaceLayout.AlignFloats((nint)groups * groupOut);
        _filterRows = new AlignedBuffer<nint>(_phases.Length * groupOut);
        _outputRows = new AlignedBuffer<nint>(groupOut);
        for (int i = 0; i < groupOut; i++)
        {
            _outputRows.Span[i] = (nint)i * _plan.Main.NR;
            for (int p = 0; p < _phases.Length; p++)
                _filterRows.Span[(p * groupOut) + i] = (nint)i * _phases[p].Terms;
        }
    }

    public string KernelName => _plan.Main.Name;

    public int PackedFilterLength { get; }

    /// <summary>What the batch costs by the model, both transpositions included.</summary>
    public double Cycles { get; }

    private nint WorkerFloats => checked(_slabFloats + (2 * WorkspaceLayout.AlignFloats(_scratchFloats)));

    /// <summary>Whether the windows of a pass lie one column apart.</summary>
    public static bool Serves(ConvolutionPass pass) => pass.Source.Columns.Step == 1;

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(_biasFloats, WorkerFloats, threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        foreach (PlanarPhase phase in _phases)
            PlanarPacking.Pack(_pass, phase, filter, packed[(int)phase.PackedOffset..], keepsDenormals);
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
        bias.CopyTo(new Span<float>(shared, bias.Length));
        var action = new UnitAction(this, source, packed, shared, residual, destination);
        scheduler.Run(batch * _bands, _terms * _pass.Channels * batch, action);
        GC.KeepAlive(this);
    }

    private static int SharedBorder(SourceAxis columns)
    {
        int right = columns.Origin + columns.Extent(columns.Grid) - columns.Length;
        return Math.Clamp(Math.Min(-columns.Origin, right), 0, columns.Span - 1);
    }

    // The share of filter rows that lie in the image, over all rows of the grid.
    private static double RowsInside(SlidingSource source, PlanarPhase[] phases)
    {
        long inside = 0, all = 0;
        foreach (PlanarPhase phase in phases)
        {
            for (int row = phase.Rows.First; row < phase.Rows.First + phase.Rows.Count; row++)
            {
                foreach (int tapRow in phase.TapRows)
                {
                    long at = source.Rows.Origin + ((long)row * source.Rows.Step) + tapRow;
                    inside += at >= 0 && at < source.Rows.Length ? 1 : 0;
                    all++;
                }
            }
        }

        return all == 0 ? 1 : (double)inside / all;
    }

    private void RunUnit(int index, in UnitAction run, int worker)
    {
        float* slab = run.Shared + _biasFloats + (worker * WorkerFloats);
        float* scratch = slab + _slabFloats;
        int image = index / _bands;
        int firstRow = index % _bands * _bandRows;
        int rows = Math.Min(_bandRows, _source.Rows.Grid - firstRow);
        if (rows <= 0)
            return;
        CopyPlanes(run.Source + (image * _source.ImageFloats), firstRow, rows, slab);
        for (int p = 0; p < _phases.Length; p++)
        {
            PlanarPhase phase = _phases[p];
            int first = Math.Max(firstRow, phase.Rows.First);
            int end = Math.Min(firstRow + rows, phase.Rows.First + phase.Rows.Count);
            if (first >= end || phase.Columns.Count <= 0)
                continue;
            nint corner = (first * phase.Rows.Step) + (phase.Columns.First * phase.Columns.Step);
            nint origin = (image * _pass.ImageStep) + phase.Rows.Origin + phase.Columns.Origin + corner;
            if (phase.Terms == 0)
            {
                FillPhase(phase, run, origin, end - first);
                continue;
            }

            float* planes = slab + ((nint)(first - firstRow) * _source.Rows.Step * _width) + phase.Columns.First;
            GemmTile tile;
            tile.RowOffsets = _filterRows.Pointer + ((nint)p * _groupOut);
            tile.OutputOffsets = _outputRows.Pointer;
            tile.Rows = _groupOut;
            tile.C = scratch;
            tile.Step = _pass.GroupIn == 1 ? 1 : _plane;
            for (int group = 0; group < _pass.Groups; group++)
            {
                float* residual = run.Residual is null ? null : run.Residual + origin + ((nint)group * _groupOut);
                float* destination = run.Destination + origin + ((nint)group * _groupOut);
                float* filter = run.Packed + phase.PackedOffset + ((nint)group * _groupOut * phase.Terms);
                float* source = planes + (group * _pass.GroupIn * _plane);
                tile.Bias = run.Shared + ((nint)group * _groupOut);
                if (_joinsRows)
                {
                    tile.A = filter;
                    tile.Runs = phase.Runs.Pointer;
                    tile.RunCount = phase.Runs.Length;
                    RunStretch(&tile, phase, source, ((nint)(end - first - 1) * _width) + phase.Columns.Count, residual, destination);
                    continue;
                }

                for (int row = first; row < end; row++)
                {
                    (int firstRun, int endRun) = RunsInside(phase, row);
                    tile.A = filter + phase.FirstTerms[firstRun];
                    tile.Runs = phase.Runs.Pointer + firstRun;
                    tile.RunCount = endRun - firstRun;
                    RunStretch(&tile, phase, source, phase.Columns.Count, residual, destination);
                    source += (nint)_source.Rows.Step * _width;
                    destination += phase.Rows.Step;
                    if (residual is not null)
                        residual += phase.Rows.Step;
                }
            }
        }
    }

    // The runs whose row lies in the image; where there are none, one that reads the border.
    private (int First, int End) RunsInside(PlanarPhase phase, int row)
    {
        int[] tapRows = phase.TapRows;
        long at = _source.Rows.Origin + ((long)row * _source.Rows.Step);
        int first = 0;
        while (first < tapRows.Length - 1 && at + tapRows[first] < 0)
            first++;
        int end = tapRows.Length;
        while (end > first + 1 && at + tapRows[end - 1] >= _source.Rows.Length)
            end--;
        return (first, end);
    }

    private void RunStretch(GemmTile* tile, PlanarPhase phase, float* source, nint pixels, float* residual, float* destination)
    {
        nint stride = _plan.Main.NR;
        float* scratch = tile->C;
        for (nint at = 0; at < pixels;)
        {
            GemmKernel kernel = _plan.For(pixels - at);
            nint count = Math.Min(kernel.NR, pixels - at);
            tile->B = source + at;
            tile->Columns = kernel.NR;
            tile->Residual = null;
            if (residual is not null)
            {
                tile->Residual = scratch + WorkspaceLayout.AlignFloats(_scratchFloats);
                Exchange(phase, at, count, tile->Residual, residual, toPlanes: true);
            }

            kernel.For(_epilogue.InRegisters)(tile);
            if (!_activation.IsNone)
            {
                for (int i = 0; i < _groupOut; i++)
                    _activation.Run(scratch + (i * stride), count);
            }

            Exchange(phase, at, count, scratch, destination, toPlanes: false);
            at += count;
        }
    }

    // Copies pixels of a stretch between scratch planes and an image; of joined rows only what lies in the grid.
    private void Exchange(PlanarPhase phase, nint at, nint count, float* planes, float* image, bool toPlanes)
    {
        nint row = 0;
        nint column = at;
        if (_joinsRows)
            (row, column) = Math.DivRem(at, _width);
        while (count > 0)
        {
            nint take = Math.Min(count, _width - column);
            nint pixels = Math.Min(take, phase.Columns.Count - column);
            if (pixels > 0)
            {
                float* pixel = image + (row * phase.Rows.Step) + (column * phase.Columns.Step);
                if (toPlanes)
                    PlanarCopy.ToPlanes(pixel, phase.Columns.Step, pixels, _groupOut, planes, _plan.Main.NR);
                else if (_writesSix)
                    PlanarCopy.SixFromPlanes(planes, _plan.Main.NR, pixels, pixel);
                else
                    PlanarCopy.FromPlanes(planes, _plan.Main.NR, pixels, _groupOut, pixel, phase.Columns.Step);
            }

            planes += take;
            count -= take;
            column = 0;
            row++;
        }
    }

    private void CopyPlanes(float* image, int firstRow, int gridRows, float* slab)
    {
        SourceAxis columns = _source.Columns;
        int left = Math.Clamp(-columns.Origin, 0, _width);
        int firstColumn = Math.Max(0, columns.Origin);
        int copied = Math.Clamp(Math.Min(columns.Length - firstColumn, _width - left), 0, _width);
        int right = _width - left - copied;
        nint channels = _source.Channels;
        int row = _source.Rows.Origin + (firstRow * _source.Rows.Step);
        int end = row + _source.Rows.Extent(gridRows);
        for (; row < end; row++, slab += _width)
        {
            if (row < 0 || row >= _source.Rows.Length || copied == 0)
            {
                PlanarCopy.Clear(slab, _width, channels, _plane);
                continue;
            }

            PlanarCopy.Clear(slab, left, channels, _plane);
            float* from = image + ((((nint)row * columns.Length) + firstColumn) * channels);
            PlanarCopy.ToPlanes(from, channels, copied, channels, slab + left, _plane);
            PlanarCopy.Clear(slab + left + copied, right, channels, _plane);
        }

        PlanarCopy.Clear(slab, _sharedBorder, channels, _plane);
    }

    private void FillPhase(PlanarPhase phase, in UnitAction run, nint origin, int rows)
    {
        for (int row = 0; row < rows; row++, origin += phase.Rows.Step)
        {
            for (nint column = 0; column < phase.Columns.Count; column++)
            {
                nint at = origin + (column * phase.Columns.Step);
                _unreached.Fill(run.Destination + at, run.Residual is null ? null : run.Residual + at, run.Shared, _pass.Channels);
            }
        }
    }

    private readonly struct UnitAction(
        PlanarConvolution engine,
        float* source,
        float* packed,
        float* shared,
        float* residual,
        float* destination) : IRangeAction
    {
        public readonly float* Source = source;
        public readonly float* Packed = packed;
        public readonly float* Shared = shared;
        public readonly float* Residual = residual;
        public readonly float* Destination = destination;

        public void Invoke(int index, int worker) => engine.RunUnit(index, this, worker);
    }
}
