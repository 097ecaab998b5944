using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// A band of an NHWC image, or several whole images, copied into blocks of <see cref="Width"/> channels, [block, image, row, phase of the
/// stride, column, channel], with a zero border. A channel's pixels then lie <see cref="Width"/> floats apart whatever the number of
/// channels and the stride, so that walking over them neither skips lines nor makes them collide in the level-1 cache. Copies only, so
/// every tier gives the same bits.
/// </summary>
internal sealed unsafe class BlockedSource
{
    /// <summary>Channels of a block.</summary>
    public const int Width = 8;

    private const int MostStride = 8;

    private readonly Conv2DGeometry _g;
    private readonly int _phaseColumns;
    private readonly bool[] _rowPhases;
    private readonly bool[] _columnPhases;
    private readonly nint _rowStride;

    /// <summary>Lays out slabs of so many images, output rows of each, and output columns.</summary>
    public BlockedSource(Conv2DGeometry g, int images, int gridRows, int gridColumns)
    {
        _g = g;
        int width = checked(((gridColumns - 1) * g.StrideW) + g.Columns.Span);
        _phaseColumns = (width + g.StrideW - 1) / g.StrideW;
        _rowPhases = UsedPhases(g.KH, g.DilationH, g.StrideH);
        _columnPhases = UsedPhases(g.KW, g.DilationW, g.StrideW);
        _rowStride = checked((nint)_phaseColumns * _columnPhases.Length * Width);

        // An odd number of lines, so that equal places of neighbouring blocks lie in different sets.
        ImageStride = checked(Extent(gridRows) * _rowStride);
        nint lines = WorkspaceLayout.AlignFloats(checked(images * ImageStride)) / 16;
        BlockStride = (lines | 1) * 16;
    }

    /// <summary>Floats between two images.</summary>
    public nint ImageStride { get; }

    /// <summary>Floats between two blocks of channels.</summary>
    public nint BlockStride { get; }

    /// <summary>Floats of a slab of so many blocks.</summary>
    public nint Floats(int blocks) => checked(BlockStride * blocks);

    /// <summary>Floats from one output row to the next.</summary>
    public nint WindowRowStep => _rowStride * _g.StrideH;

    /// <summary>Whether the channels of every group fill blocks, and few pixels are skipped.</summary>
    public static bool Fits(Conv2DGeometry g) => g.GroupC % Width == 0 && g.StrideH <= MostStride && g.StrideW <= MostStride;

    /// <summary>Where tap (a, b) of window (0, 0) reads a channel of block 0.</summary>
    public nint TapOffset(int a, int b)
    {
        (int column, int phase) = Math.DivRem(b * _g.DilationW, _g.StrideW);
        return (a * _g.DilationH * _rowStride) + ((((nint)phase * _phaseColumns) + column) * Width);
    }

    /// <summary>Copies what some output rows of an image read of some blocks; block 0 of the slab is the first of them.</summary>
    public void Pack(float* image, int firstRow, int gridRows, int firstBlock, int blocks, float* slab)
    {
        int end = Extent(gridRows);
        for (int row = 0; row < end; row++, slab += _rowStride)
        {
            int rowPhase = row % _g.StrideH;
            if (rowPhase >= _rowPhases.Length || !_rowPhases[rowPhase])
                continue;
            int from = (firstRow * _g.StrideH) + row - _g.PadTop;
            bool inside = from >= 0 && from < _g.H;
            float* source = image + ((nint)(inside ? from : 0) * _g.W * _g.C) + ((nint)firstBlock * Width);
            for (int phase = 0; phase < _columnPhases.Length; phase++)
            {
                if (_columnPhases[phase])
                    PackColumns(source, inside, phase, blocks, slab + ((nint)phase * _phaseColumns * Width));
            }
        }
    }

    /// <summary>Copies a run of pixels into blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRun(float* from, nint pixelStep, nint pixels, int blocks, float* to, nint blockStride)
    {
        for (; pixels >= 2; pixels -= 2, from += 2 * pixelStep, to += 2 * Width)
        {
            float* first = from;
            float* second = from + pixelStep;
            float* block = to;
            for (int i = 0; i < blocks; i++, first += Width, second += Width, block += blockStride)
            {
                Vector256.Load(first).Store(block);
                Vector256.Load(second).Store(block + Width);
            }
        }

        if (pixels > 0)
        {
            for (int i = 0; i < blocks; i++, from += Width, to += blockStride)
                Vector256.Load(from).Store(to);
        }
    }

    private static bool[] UsedPhases(int taps, int dilation, int stride)
    {
        int count = (int)Math.Min(stride, ((long)(taps - 1) * dilation) + 1);
        var used = new bool[count];
        for (int tap = 0; tap < taps; tap++)
            used[tap * dilation % stride] = true;
        return used;
    }

    private int Extent(int gridRows) => checked(((gridRows - 1) * _g.StrideH) + _g.Rows.Span);

    private void PackColumns(float* row, bool inside, int phase, int blocks, float* to)
    {
        int origin = phase - _g.PadLeft;
        int first = Math.Clamp((-origin + _g.StrideW - 1) / _g.StrideW, 0, _phaseColumns);
        int end = inside ? Math.Clamp((_g.W - origin + _g.StrideW - 1) / _g.StrideW, first, _phaseColumns) : first;
        Clear(to, inside ? first : _phaseColumns, blocks);
        if (!inside)
            return;
        PackRun(row + ((origin + ((nint)first * _g.StrideW)) * _g.C), (nint)_g.StrideW * _g.C, end - first, blocks,
            to + ((nint)first * Width), BlockStride);
        Clear(to + ((nint)end * Width), _phaseColumns - end, blocks);
    }

    private void Clear(float* to, int pixels, int blocks)
    {
        for (int i = 0; i < blocks && pixels > 0; i++, to += BlockStride)
            NativeMemory.Clear(to, (nuint)pixels * Width * sizeof(float));
    }
}
