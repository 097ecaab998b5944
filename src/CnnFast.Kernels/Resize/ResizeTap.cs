namespace CnnFast.Kernels;

/// <summary>One position that a resized position reads.</summary>
/// <param name="Index">Which position along the axis.</param>
/// <param name="Weight">Its factor.</param>
internal readonly record struct ResizeTap(int Index, float Weight);
