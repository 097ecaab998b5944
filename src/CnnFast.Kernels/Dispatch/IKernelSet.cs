namespace CnnFast.Kernels;

/// <summary>The kernels of one family for one tier: the entry of a family's list.</summary>
internal interface IKernelSet
{
    /// <summary>The tier that the kernels need.</summary>
    IsaLevel Isa { get; }

    /// <summary>What the kernels do, one word each; <see cref="NameOf"/> makes their names of it.</summary>
    IReadOnlyList<string> Operations { get; }

    /// <summary>A kernel's name, such as <c>F32ReLUAvx2</c>.</summary>
    string NameOf(string operation) => $"F32{operation}{Isa}";
}
