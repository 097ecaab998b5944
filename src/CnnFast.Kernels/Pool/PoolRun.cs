namespace CnnFast.Kernels;

/// <summary>
/// Neighbouring windows of one output row that hold the same taps, as pooling kernels see them. Taps outside the image are already cut off:
/// all <see cref="Rows"/>×<see cref="Columns"/> taps exist, and there is at least one. Strides count floats.
/// </summary>
internal struct PoolRun
{
    /// <summary>Rows of taps in a window.</summary>
    public nint Rows;

    /// <summary>
    /// Backward: the first rows of taps, which get no gradient here (another unit of work owns them) but come first
    /// in the search for the maximum.
    /// </summary>
    public nint SkippedRows;

    /// <summary>Columns of taps in a window.</summary>
    public nint Columns;

    /// <summary>From a tap to the tap below it.</summary>
    public nint RowStride;

    /// <summary>From a tap to the tap right of it.</summary>
    public nint ColumnStride;

    /// <summary>From a window to the next one.</summary>
    public nint WindowStride;

    /// <summary>Channels, contiguous in the image and in the output.</summary>
    public nint Channels;

    /// <summary>From a window's output to the next one's; more than the channels only forward.</summary>
    public nint OutputStride;

    /// <summary>Windows in the run.</summary>
    public nint Windows;

    /// <summary>The factor of averages.</summary>
    public float Scale;

    /// <summary>Backward: whether no other window touches these taps, so that gradients are stored rather than added.</summary>
    public bool Disjoint;
}
