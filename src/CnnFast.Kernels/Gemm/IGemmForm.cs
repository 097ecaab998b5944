namespace CnnFast.Kernels;

/// <summary>
/// What the rows and the lanes of a GEMM tile stand for. Tiles compare the type itself, which the compiler knows when it reads it.
/// </summary>
internal interface IGemmForm;
