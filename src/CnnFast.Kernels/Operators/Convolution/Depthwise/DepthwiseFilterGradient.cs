using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The filter and bias gradients of a depthwise convolution. Sums of up to 3×3 taps stay in registers while a vector of channels walks
/// the rows of a band; the batch's bands are cut into splits by size, each with sums [panel, tap, lanes] of its own, added in order.
/// The input is read in place, or, where it has several outputs a channel, from a slab that repeats its channels. Immutable and
/// thread-safe; workspaces are the caller's.
/// </summary>
internal sealed unsafe class DepthwiseFilterGradient : IFilterGradientEngine
{
    // Of no machine: bands and splits decide the order of sums, and with it bits.
    private const int WantedUnits = 16;
    private const int RangeChannels = 64;
    private const int LeastBandRows = 4;
    private const int BandBytes = 384 * 1024;
    private const int SplitBudgetFloats = 1024 * 1024;

    private readonly Conv2DGeometry _g;
    private readonly DepthwiseFilterKernel _kernel;
    private readonly DepthwiseAxis _rows;
    private readonly DepthwiseAxis _columns;
    private readonly DepthwiseSource _source;
    private readonly AlignedBuffer<float> _zeros;
    private readonly int _panels;
    private readonly int _bandRows;
    private readonly int _bands;
    private readonly nint _slabRows;
    private readonly nint _panelFloats;
    private readonly nint _splitFloats;
    private readonly nint _tableFloats;

    public DepthwiseFilterGradient(Conv2DGeometry g, DepthwiseFilterKernel kernel)
    {
        _g = g;
        _kernel = kernel;
        _rows = DepthwiseAxis.Forward(g.Rows);
        _columns = DepthwiseAxis.Forward(g.Columns);
        _panels = (g.OC + kernel.Lanes - 1) / kernel.Lanes;
        _source = new DepthwiseSource([_columns], g.C, checked(_panels * kernel.Lanes), g.GroupOC, 1, inPlace: g.GroupOC == 1);
        _zeros = new AlignedBuffer<float>((int)_source.RowFloats);
        // The cut, and with it the order of the sums, depends on the sizes of the convolution alone, not on the vectors' width.
        long rowBytes = sizeof(float) * (long)g.OC * (((long)g.W * g.StrideH) + g.OW);
        _bandRows = (int)Math.Clamp(BandBytes / rowBytes, Math.Min(LeastBandRows, g.OH), g.OH);
        _bands = (g.OH + _bandRows - 1) / _bandRows;
        long reach = ((long)(_bandRows - 1) * _rows.Step) + _rows.Most - _rows.Least + 1;
        _slabRows = _source.InPlace ? 0 : (nint)Math.Min(reach, g.H);
        _panelFloats = checked((nint)((g.KH * g.KW) + 1) * kernel.Lanes);
        _splitFloats = WorkspaceLayout.AlignFloats(checked(_panels * _panelFloats));
        _tableFloats = WorkspaceLayout.AlignFloats(checked((nint)_bandRows * g.KH) * (sizeof(nint) / sizeof(float)));
    }

    public string KernelName => _kernel.Name;

    private nint WorkerFloats => _tableFloats + WorkspaceLayout.AlignFloats(checked(_slabRows * _source.RowFloats));

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(Cut(_g.N).Splits * _splitFloats, WorkerFloats, threads);

    public void Run(IWorkScheduler scheduler, int batch, float* x, float* dy, float* dw, float* db, byte* workspace)
    {
        UnitCut cut = Cut(batch);
        float* sums = WorkspaceLayout.Align(workspace);
        float* workers = sums + (Cut(_g.N).Splits * _splitFloats);
        scheduler.Run(cut.Splits * cut.Ranges, _g.MultiplyAdds / _g.N * batch, new ProductAction(this, batch, cut, x, dy, sums, workers));
        scheduler.Run(_panels, cut.Splits * (long)_splitFloats, new GatherAction(this, cut.Splits, sums, dw, db));
        GC.KeepAlive(this);
    }

    private UnitCut Cut(int batch)
    {
        int ranges = Math.Clamp(_g.OC / RangeChannels, 1, WantedUnits);
        long most = Math.Min((long)batch * _bands, SplitBudgetFloats / ((((long)_g.KH * _g.KW) + 1) * _g.OC));
        return new UnitCut((int)Math.Clamp(most, 1, (WantedUnits + ranges - 1) / ranges), ranges);
    }

    private void RunUnit(in ProductAction run, int split, int range, int worker)
    {
        float** table = (float**)(run.Workers + (worker * WorkerFloats));
        float* slab = (float*)table + _tableFloats;
        int firstPanel = (int)((long)_panels * range / run.Cut.Ranges);
        int endPanel = (int)((long)_panels * (range + 1) / run.Cut.Ranges);
        float* sums = run.Sums + (split * _splitFloats);
        NativeMemory.Clear(sums + (firstPanel * _panelFloats), (nuint)((endPanel - firstPanel) * _panelFloats) * sizeof(float));
        long chunks = (long)run.Batch * _bands;
        for (long chunk = chunks * split / run.Cut.Splits; chunk < chunks * (split + 1) / run.Cut.Splits; chunk++)
        {
            (long image, long band) = Math.DivRem(chunk, _bands);
            int firstRow = (int)band * _bandRows;
            int rows = Math.Min(_bandRows, _g.OH - firstRow);
            float* source = run.X + ((nint)image * _g.H * _g.W * _g.C);
            FillTable(table, source, slab, firstRow, rows, firstPanel * _kernel.Lanes, Math.Min(endPanel * _kernel.Lanes, _g.OC));
            float* dy = run.Dy + ((((nint)image * _g.OH) + firstRow) * _g.OW * _g.OC);
            for (int panel = firstPanel; panel < endPanel; panel++)
                AddBand(panel, table, dy, rows, sums + (panel * _panelFloats));
        }
    }

    // Points at the source rows of each row of outputs, after copying them into the slab where there is one.
    private void FillTable(float** table, float* image, float* slab, int firstRow, int rows, int firstChannel, int endChannel)
    {
        nint imageRow = (nint)_g.W * _g.C;
        int slabFirst = 0;
        if (!_source.InPlace)
        {
            long first = ((long)firstRow * _rows.Step) + _rows.Least;
            long last = ((long)(firstRow + rows - 1) * _rows.Step) + _rows.Most;
            slabFirst = (int)Math.Clamp(first, 0, _g.H);
            for (int row = slabFirst; row < Math.Min(_g.H, last + 1); row++)
                _source.CopyRow(image + (row * imageRow), slab + ((row - slabFirst) * _source.RowFloats), firstChannel, endChannel);
        }

        for (int i = 0; i < rows; i++)
        {
            foreach (int offset in _rows.Offsets)
            {
                long row = ((long)(firstRow + i) * _rows.Step) + offset;
                bool outside = row < 0 || row >= _g.H;
                *table++ = outside ? _zeros.Pointer
                    : _source.InPlace ? image + ((nint)row * imageRow)
                    : slab + ((nint)(row - slabFirst) * _source.RowFloats);
            }
        }
    }

    private void AddBand(int panel, float** table, float* dy, int rows, float* sums)
    {
        const int Most = DepthwiseFilterKernel.MostTaps;
        int channel = panel * _kernel.Lanes;
        DepthwiseFilterTile tile;
        tile.SourceRowStep = _g.KH;
        tile.SourceOffset = channel;
        tile.SourceColumns = _source.RowFloats / _source.Pixel;
        tile.Pixel = _source.Pixel;
        tile.Stride = _g.StrideW;
        tile.Dilation = _g.DilationW;
        tile.Gradient = dy + channel;
        tile.GradientRowStep = (nint)_g.OW * _g.OC;
        tile.GradientColumnStep = _g.OC;
        tile.Rows = rows;
        tile.Columns = _g.OW;
        tile.InsideFirst = _source.InPlace ? _columns.InsideFirst : 0;
        tile.InsideEnd = _source.InPlace ? _columns.InsideEnd : _g.OW;
        tile.SumRowStep = (nint)_g.KW * _kernel.Lanes;
        tile.Channels = Math.Min(_kernel.Lanes, _g.OC - channel);
        float* biasSums = sums + (_g.KH * tile.SumRowStep);
        for (int kh = 0; kh < _g.KH; kh += Most)
        {
            tile.SourceRows = table + kh;
            for (int kw = 0; kw < _g.KW; kw += Most)
            {
                tile.SourceColumn = _columns.Offsets[kw] - _source.Origin;
                tile.Sums = sums + (kh * tile.SumRowStep) + ((nint)kw * _kernel.Lanes);
                tile.BiasSums = kh == 0 && kw == 0 ? biasSums : null;
                _kernel.Of(Math.Min(Most, _g.KH - kh), Math.Min(Most, _g.KW - kw), tile.Channels == _kernel.Lanes)(&tile);
            }
        }
    }

    // Adds the splits' sums of one panel, in order, and writes them where the filter has them.
    private void Gather(int splits, int panel, float* sums, float* dw, float* db)
    {
        int channel = panel * _kernel.Lanes;
        int count = Math.Min(_kernel.Lanes, _g.OC - channel);
        float* from = sums + (panel * _panelFloats);
        for (int tap = 0; tap < _g.KH * _g.KW; tap++, from += _kernel.Lanes)
            SumRows.SumSplits(from, _splitFloats, splits, dw + ((nint)tap * _g.OC) + channel, count);
        if (db is not null)
            SumRows.SumSplits(from, _splitFloats, splits, db + channel, count);
    }

    private readonly record struct UnitCut(int Splits, int Ranges);

    private readonly struct ProductAction(DepthwiseFilterGradient engine, int batch, UnitCut cut, float* x, float* dy, float* sums,
        float* workers) : IRangeAction
    {
        public readonly int Batch = batch;
        public readonly UnitCut Cut = cut;
        public readonly float* X = x;
        public readonly float* Dy = dy;
        public readonly float* Sums = sums;
        public readonly float* Workers = workers;

        public void Invoke(int index, int worker)
        {
            (int split, int range) = Math.DivRem(index, Cut.Ranges);
            engine.RunUnit(this, split, range, worker);
        }
    }

    private readonly struct GatherAction(DepthwiseFilterGradient engine, int splits, float* sums, float* dw, float* db) : IRangeAction
    {
        public void Invoke(int index, int worker) => engine.Gather(splits, index, sums, dw, db);
    }
}
