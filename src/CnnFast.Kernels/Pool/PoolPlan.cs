using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Cuts the windows of an image into runs with the same taps: the interior of a row is one run, windows over the padding are one each.</summary>
internal sealed unsafe class PoolPlan
{
    // A part reads about this many taps.
    private const long TapsPerPart = 32768;

    private readonly PoolAxis _rows;
    private readonly PoolAxis _columns;
    private readonly bool _countPadding;
    private readonly int _w;
    private readonly int _c;
    private readonly int _outputs;
    private readonly float _cells;
    private readonly long _taps;

    public PoolPlan(Pool2DGeometry geometry, bool countPadding)
    {
        Geometry = geometry;
        _rows = new PoolAxis(geometry.Rows);
        _columns = new PoolAxis(geometry.Columns);
        _countPadding = countPadding;
        _w = geometry.W;
        _c = geometry.C;
        _outputs = geometry.OW;
        _cells = (float)geometry.KH * geometry.KW;
        _taps = (long)Math.Min(geometry.KH, geometry.H) * Math.Min(geometry.KW, geometry.W);
        long tapsPerRow = Math.Max(1, (long)Math.Min(1e18, (double)geometry.OW * geometry.C * _taps));
        RowsPerPart = (int)Math.Clamp(TapsPerPart / tapsPerRow, 1, geometry.OH);
        PartsPerImage = (geometry.OH + RowsPerPart - 1) / RowsPerPart;
        Tiles = Tiling(geometry.Rows) && Tiling(geometry.Columns);
    }

    public Pool2DGeometry Geometry { get; }

    /// <summary>Output rows of one forward part.</summary>
    public int RowsPerPart { get; }

    /// <summary>Forward parts of one image.</summary>
    public int PartsPerImage { get; }

    /// <summary>Whether every pixel of the image is a tap of exactly one window.</summary>
    public bool Tiles { get; }

    /// <summary>Floats of one input image.</summary>
    public nint InputImage => (nint)Geometry.H * Geometry.W * Geometry.C;

    /// <summary>Floats of one output image.</summary>
    public nint OutputImage => (nint)Geometry.OH * Geometry.OW * Geometry.C;

    /// <summary>The cost of a pass over <paramref name="n"/> images, for the scheduler.</summary>
    public long Cost(int n) => (long)Math.Min(1e18, 8.0 * n * OutputImage * _taps);

    /// <summary>Visits the runs of output rows <paramref name="begin"/> to <paramref name="end"/> − 1 in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Walk<TVisitor>(int begin, int end, TVisitor visitor)
        where TVisitor : struct, IPoolVisitor
    {
        int w = _w;
        int c = _c;
        int outputs = _outputs;
        var run = new PoolRun
        {
            RowStride = (nint)Geometry.DilationH * w * c,
            ColumnStride = (nint)Geometry.DilationW * c,
            WindowStride = (nint)Geometry.StrideW * c,
            Channels = c,
            Disjoint = Tiles,
        };
        for (int i = begin; i < end; i++)
        {
            int top = _rows.First(i, out int rows);
            run.Rows = rows;
            for (int j = 0; j < outputs;)
            {
                int left = _columns.First(j, out int columns);
                run.Columns = columns;
                run.Windows = j == _columns.InteriorBegin && j < _columns.InteriorEnd ? _columns.InteriorEnd - j : 1;
                run.Scale = 1f / (_countPadding ? _cells : (float)rows * columns);
                visitor.Visit((((nint)top * w) + left) * c, (((nint)i * outputs) + j) * c, &run);
                j += (int)run.Windows;
            }
        }
    }

    private static bool Tiling(WindowAxis axis) =>
        axis.Window == axis.Stride && (axis.Dilation == 1 || axis.Window == 1) && axis.PadBefore == 0 && axis.PadAfter == 0 && axis.Output * axis.Stride == axis.Input;
}
