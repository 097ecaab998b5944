namespace CnnFast.Kernels;

/// <summary>
/// What a depthwise tile may meet in its source. Tiles compare the type itself, which the compiler knows when it reads it.
/// </summary>
internal interface IDepthwiseSource;
