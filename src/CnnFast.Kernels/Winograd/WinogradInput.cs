namespace CnnFast.Kernels;

/// <summary>One tile of input to transform: Points × Points pixels to as many points, channel by channel.</summary>
internal unsafe struct WinogradInput
{
    /// <summary>Points rows, each at the tile's first column; a row outside the image points at zeros.</summary>
    public float** Rows;

    /// <summary>The first column that lies in the image; those before it are zero.</summary>
    public nint FirstColumn;

    /// <summary>The end of the columns that lie in the image; those from it on are zero.</summary>
    public nint EndColumn;

    /// <summary>Channels of a pixel, which follow one another.</summary>
    public nint Channels;

    /// <summary>The tile's row of the first point, room for whole vectors; lanes past the last channel become zero.</summary>
    public float* Points;

    /// <summary>Floats from a point to the next.</summary>
    public nint PointStep;

    /// <summary>Scratch: twice Points² vectors, and Points row pointers.</summary>
    public float* Scratch;
}
