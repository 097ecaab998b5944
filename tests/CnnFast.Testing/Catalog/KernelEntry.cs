namespace CnnFast.Testing;

/// <summary>One kernel, or one tier's set of kernels, in a family's list.</summary>
/// <param name="Family">The list, such as <c>Gemm</c>.</param>
/// <param name="Name">The kernel's name.</param>
/// <param name="Isa">The tier that it needs.</param>
/// <param name="Supported">Whether this processor and runtime can run it.</param>
/// <param name="Chosen">Whether operators take it here, with <c>CNNFAST_ISA</c> as it is set.</param>
public sealed record KernelEntry(string Family, string Name, IsaLevel Isa, bool Supported, bool Chosen);
