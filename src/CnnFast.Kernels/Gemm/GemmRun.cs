namespace CnnFast.Kernels;

/// <summary>A stretch of the reduction that is contiguous in A: the taps of a filter row, or the channels of one tap.</summary>
/// <param name="Offset">Floats from a row's start to the stretch.</param>
/// <param name="Length">Floats in the stretch, at least 1.</param>
internal readonly record struct GemmRun(nint Offset, nint Length);
