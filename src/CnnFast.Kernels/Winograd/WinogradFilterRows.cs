namespace CnnFast.Kernels;

/// <summary>Rows of columns of a filter to transform: nine taps of each become Points² points.</summary>
internal unsafe struct WinogradFilterRows
{
    /// <summary>The first tap of the first column of the first row.</summary>
    public float* Taps;

    /// <summary>Floats from a tap to the next; negative where they come last first.</summary>
    public nint TapStep;

    /// <summary>Floats from a row's taps to those of the next.</summary>
    public nint TapRow;

    /// <summary>The first point of the first column of the first row.</summary>
    public float* Points;

    /// <summary>Floats from a point to the next.</summary>
    public nint PointStep;

    /// <summary>Floats from a row's points to those of the next.</summary>
    public nint PointRow;

    /// <summary>Rows.</summary>
    public nint Rows;

    /// <summary>Columns, next to one another.</summary>
    public nint Columns;

    /// <summary>Whether points below 2⁻¹²⁶ stay; else zeros of the same sign take their place.</summary>
    public bool KeepsDenormals;

    /// <summary>
    /// Whether whole lines of points are stored past the caches: rows of points begin at multiples of 64 bytes then, and a fence must
    /// follow.
    /// </summary>
    public bool Streams;
}
