namespace CnnFast.Kernels;

/// <summary>Whether a kernel works on whole vectors of channels, as a constant of the compiled code.</summary>
internal interface IVectorPart
{
    static abstract bool IsWhole { get; }
}
