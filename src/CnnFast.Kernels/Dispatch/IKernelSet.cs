namespace CnnFast.Kernels;

/// <summary>The kernels of one family for one tier.</summary>
internal interface IKernelSet
{
    /// <summary>The tier that the kernels need.</summary>
    IsaLevel Isa { get; }
}
