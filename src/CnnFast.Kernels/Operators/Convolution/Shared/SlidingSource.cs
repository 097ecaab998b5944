using System.Runtime.InteropServices;

namespace CnnFast.Operators;

/// <summary>
/// One axis of a source image as a grid of windows reads it: window g starts at Origin + g·Step and spans Span positions.
/// </summary>
/// <param name="Length">Positions of the image.</param>
/// <param name="Origin">First position of window 0; negative where it starts on padding.</param>
/// <param name="Step">Positions between two windows.</param>
/// <param name="Span">Positions of a window.</param>
/// <param name="Grid">Windows.</param>
internal readonly record struct SourceAxis(int Length, int Origin, int Step, int Span, int Grid)
{
    public bool StaysInside => Origin >= 0 && Extent(Grid) + Origin <= Length;

    /// <summary>Positions from the start of the first to the end of the last of some consecutive windows.</summary>
    public int Extent(int windows) => checked(((windows - 1) * Step) + Span);
}

/// <summary>
/// NHWC images read by a grid of windows. Where no window leaves the image they are read in place; else a band of rows is
/// copied into a slab with a zero border. Either way a filter row is contiguous and all windows look alike.
/// </summary>
/// <param name="Rows">The rows.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Channels">Channels of a pixel.</param>
internal sealed unsafe record SlidingSource(SourceAxis Rows, SourceAxis Columns, int Channels)
{
    public bool IsInPlace { get; } = Rows.StaysInside && Columns.StaysInside;

    /// <summary>Floats of one source image.</summary>
    public nint ImageFloats => (nint)Rows.Length * Columns.Length * Channels;

    /// <summary>Floats between two rows, in the image or in the slab.</summary>
    public nint RowStride => (nint)(IsInPlace ? Columns.Length : Columns.Extent(Columns.Grid)) * Channels;

    /// <summary>Floats from one window to the next below it.</summary>
    public nint WindowRowStep => RowStride * Rows.Step;

    /// <summary>Floats from one window to the next right of it.</summary>
    public nint WindowColumnStep => (nint)Channels * Columns.Step;

    /// <summary>Floats of a slab for a band of grid rows; 0 when the image is read in place.</summary>
    public nint SlabFloats(int gridRows) => IsInPlace ? 0 : checked(Rows.Extent(gridRows) * RowStride);

    /// <summary>Floats from one image to the next when several whole images are read together.</summary>
    public nint ImageStep => IsInPlace ? ImageFloats : SlabFloats(Rows.Grid);

    /// <summary>Where window (row, 0) of an image that is read in place begins.</summary>
    public float* InPlace(float* image, int row) =>
        image + ((Rows.Origin + ((nint)row * Rows.Step)) * RowStride) + ((nint)Columns.Origin * Channels);

    /// <summary>Copies what the windows of some grid rows read into a slab, zeros where they leave the image.</summary>
    public void CopySlab(float* image, int firstRow, int gridRows, float* slab)
    {
        int left = Math.Max(0, -Columns.Origin);
        int firstColumn = Math.Max(0, Columns.Origin);
        int width = Columns.Extent(Columns.Grid);
        int copied = Math.Clamp(Math.Min(Columns.Length - firstColumn, width - left), 0, width);
        int row = Rows.Origin + (firstRow * Rows.Step);
        int end = row + Rows.Extent(gridRows);
        nint stride = RowStride;
        for (; row < end; row++, slab += stride)
        {
            if (row < 0 || row >= Rows.Length || copied == 0)
            {
                NativeMemory.Clear(slab, (nuint)stride * sizeof(float));
                continue;
            }

            float* from = image + ((((nint)row * Columns.Length) + firstColumn) * Channels);
            Clear(slab, (nint)left * Channels);
            NativeMemory.Copy(from, slab + ((nint)left * Channels), (nuint)copied * (nuint)Channels * sizeof(float));
            Clear(slab + ((nint)(left + copied) * Channels), (nint)(width - left - copied) * Channels);
        }
    }

    private static void Clear(float* at, nint count)
    {
        for (nint i = 0; i < count; i++)
            at[i] = 0;
    }
}
