namespace CnnFast.Kernels;

/// <summary>One row of sums of the filter gradient to transform back: Points² points to the nine taps, column by column.</summary>
internal unsafe struct WinogradFilterSum
{
    /// <summary>The row of the first point, whole vectors.</summary>
    public float* Points;

    /// <summary>Floats from a point to the next.</summary>
    public nint PointStep;

    /// <summary>The row of the first tap.</summary>
    public float* Taps;

    /// <summary>Floats from a tap to the next.</summary>
    public nint TapStep;

    /// <summary>Columns of the row.</summary>
    public nint Columns;

    /// <summary>Scratch: 3·Points + 9 vectors.</summary>
    public float* Scratch;
}
