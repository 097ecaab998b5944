namespace CnnFast.Kernels;

/// <summary>
/// How much of a vector of channels a kernel works on. Kernels compare the type itself, which the compiler knows when it reads it.
/// </summary>
internal interface IVectorPart;
