using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Cuts the windows of an image into runs with the same taps: the interior of a row is one run, windows over the padding are one each.
/// </summary>
internal sealed unsafe class PoolPlan
{
    // A part reads about this many taps.
    private const long TapsPerPart = 32768;

    // A band of the backward pass writes about this many floats: with its inputs they fit a level-2 cache.
    private const long FloatsPerBand = 32768;

    // Where windows overlap, a band has at least this many times the rows of a window: those above it are read once more.
    private const long LeastSpansPerBand = 3;

    private readonly PoolAxis _rows;
    private readonly PoolAxis _columns;
    private readonly bool _countPadding;
    private readonly int _w;
    private readonly int _inputPitch;
    private readonly int _outputPitch;
    private readonly int _outputs;
    private readonly float _cells;
    private readonly long _taps;

    /// <summary>Cuts the work.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="countPadding">Whether averages divide by cells on the padding too.</param>
    /// <param name="inputPitch">Floats from a pixel of the input to the next; 0 means its channels.</param>
    /// <param name="outputPitch">Floats from a pixel of the output to the next; 0 means its channels.</param>
    public PoolPlan(Pool2DGeometry geometry, bool countPadding, int inputPitch = 0, int outputPitch = 0)
    {
        _inputPitch = inputPitch == 0 ? geometry.C : inputPitch;
        _outputPitch = outputPitch == 0 ? geometry.C : outputPitch;
        Geometry = geometry;
        _rows = new PoolAxis(geometry.Rows);
        _columns = new PoolAxis(geometry.Columns);
        _countPadding = countPadding;
        _w = geometry.W;
        _outputs = geometry.OW;
        _cells = (float)geometry.KH * geometry.KW;
        _taps = (long)Math.Min(geometry.KH, geometry.H) * Math.Min(geometry.KW, geometry.W);
        long tapsPerRow = Math.Max(1, (long)Math.Min(1e18, (double)geometry.OW * geometry.C * _taps));
        RowsPerPart = (int)Math.Clamp(TapsPerPart / tapsPerRow, 1, geometry.OH);
        PartsPerImage = (geometry.OH + RowsPerPart - 1) / RowsPerPart;
        Tiles = Tiling(geometry.Rows) && Tiling(geometry.Columns);
        long floatsPerRow = Math.Max(1, (long)geometry.W * geometry.C);
        long rows = Math.Max(FloatsPerBand / floatsPerRow, Tiles ? 1 : LeastSpansPerBand * geometry.Rows.Span);
        rows = (rows + geometry.StrideH - 1) / geometry.StrideH * geometry.StrideH;
        RowsPerBand = (int)Math.Min(rows, geometry.H);
        BandsPerImage = (geometry.H + RowsPerBand - 1) / RowsPerBand;
    }

    public Pool2DGeometry Geometry { get; }

    /// <summary>Output rows of one forward part.</summary>
    public int RowsPerPart { get; }

    /// <summary>Forward parts of one image.</summary>
    public int PartsPerImage { get; }

    /// <summary>Input rows of one backward part.</summary>
    public int RowsPerBand { get; }

    /// <summary>Backward parts of one image.</summary>
    public int BandsPerImage { get; }

    /// <summary>Whether every pixel of the image is a tap of exactly one window.</summary>
    public bool Tiles { get; }

    /// <summary>Floats from an input image to the next.</summary>
    public nint InputImage => (nint)Geometry.H * Geometry.W * _inputPitch;

    /// <summary>Floats from an output image to the next.</summary>
    public nint OutputImage => (nint)Geometry.OH * Geometry.OW * _outputPitch;

    /// <summary>The cost of a pass over <paramref name="n"/> images, for the scheduler.</summary>
    public long Cost(int n) => (long)Math.Min(1e18, 8.0 * n * Geometry.OH * Geometry.OW * Geometry.C * _taps);

    /// <summary>Floats of n images of the input, from the first pixel's first channel to the last pixel's last.</summary>
    public long InputLength(int n) => (n * (long)InputImage) - _inputPitch + Geometry.C;

    /// <summary>The same of the output.</summary>
    public long OutputLength(int n) => (n * (long)OutputImage) - _outputPitch + Geometry.C;

    /// <summary>Visits the runs of output rows <paramref name="begin"/> to <paramref name="end"/> − 1 in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Walk<TVisitor>(int begin, int end, TVisitor visitor)
        where TVisitor : struct, IPoolVisitor
    {
        PoolRun run = NewRun();
        for (int i = begin; i < end; i++)
        {
            int top = _rows.First(i, out int rows);
            run.Rows = rows;
            WalkRow(i, top, rows, &run, visitor);
        }
    }

    /// <summary>
    /// Visits, in order, the runs of all windows that hold pixels of one band of input rows, with the rows of taps below the band cut off
    /// and those above it marked as skipped, and before a row of windows clears the rows of the band that it is the first to touch; where
    /// windows tile the image nothing is cleared, for every pixel is stored.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WalkBand<TVisitor>(int band, TVisitor visitor)
        where TVisitor : struct, IPoolGradientVisitor
    {
        int begin = band * RowsPerBand;
        int end = Math.Min(Geometry.H, begin + RowsPerBand);
        int step = Geometry.DilationH;
        int cleared = Tiles ? end : begin;
        PoolRun run = NewRun();
        int lastWindow = _rows.LastReaching(end - 1);
        for (int i = _rows.FirstReaching(begin); i <= lastWindow; i++)
        {
            int top = _rows.First(i, out int rows);
            int skipped = top >= begin ? 0 : (int)(((long)begin - top + step - 1) / step);
            int kept = top >= end ? 0 : (int)Math.Min(rows, (((long)end - 1 - top) / step) + 1);
            if (kept <= skipped)
                continue;
            int touched = top + ((kept - 1) * step) + 1;
            if (touched > cleared)
            {
                Clear(cleared, touched, visitor);
                cleared = touched;
            }

            run.Rows = kept;
            run.SkippedRows = skipped;
            WalkRow(i, top, rows, &run, visitor);
        }

        if (cleared < end)
            Clear(cleared, end, visitor);
    }

    private void Clear<TVisitor>(int begin, int end, TVisitor visitor)
        where TVisitor : struct, IPoolGradientVisitor =>
        visitor.Clear((nint)begin * _w * _inputPitch, (nint)(end - begin) * _w * _inputPitch);

    private PoolRun NewRun() => new()
    {
        RowStride = (nint)Geometry.DilationH * _w * _inputPitch,
        ColumnStride = (nint)Geometry.DilationW * _inputPitch,
        WindowStride = (nint)Geometry.StrideW * _inputPitch,
        Channels = Geometry.C,
        OutputStride = _outputPitch,
        Disjoint = Tiles,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WalkRow<TVisitor>(int i, int top, int rows, PoolRun* run, TVisitor visitor)
        where TVisitor : struct, IPoolVisitor
    {
        for (int j = 0; j < _outputs;)
        {
            int left = _columns.First(j, out int columns);
            run->Columns = columns;
            run->Windows = j == _columns.InteriorBegin && j < _columns.InteriorEnd ? _columns.InteriorEnd - j : 1;
            run->Scale = 1f / (_countPadding ? _cells : (float)rows * columns);
            visitor.Visit((((nint)top * _w) + left) * _inputPitch, (((nint)i * _outputs) + j) * _outputPitch, run);
            j += (int)run->Windows;
        }
    }

    private static bool Tiling(WindowAxis axis) =>
        !axis.IsAdaptive && axis.Window == axis.Stride && (axis.Dilation == 1 || axis.Window == 1) && axis.PadBefore == 0
            && axis.PadAfter == 0 && axis.Output * axis.Stride == axis.Input;
}
