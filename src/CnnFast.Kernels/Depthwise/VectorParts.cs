namespace CnnFast.Kernels;

/// <summary>All lanes.</summary>
internal readonly struct WholeVector : IVectorPart;

/// <summary>Some lanes; no memory beyond them is touched.</summary>
internal readonly struct PartVector : IVectorPart;
