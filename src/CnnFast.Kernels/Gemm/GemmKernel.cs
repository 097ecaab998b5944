namespace CnnFast.Kernels;

/// <summary>One entry of <see cref="GemmKernels"/>: a register tile of MR × NR outputs.</summary>
internal sealed unsafe class GemmKernel : IKernelSet
{
    private string? _name;

    /// <summary>A kernel's name, such as <c>F32Gemm6x16Avx2</c>.</summary>
    public string Name => _name ??= $"F32Gemm{MR}x{NR}{Isa}";

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => [$"Gemm{MR}x{NR}"];

    /// <summary>Rows of the tile.</summary>
    public required int MR { get; init; }

    /// <summary>Columns of the tile, which is the width of a packed panel.</summary>
    public required int NR { get; init; }

    /// <summary>Whether each term is one fused multiply-add.</summary>
    public required bool Fused { get; init; }

    /// <summary>The tile without an activation.</summary>
    public required delegate*<GemmTile*, void> Run { get; init; }

    /// <summary>The tile with ReLU.</summary>
    public required delegate*<GemmTile*, void> RunReLU { get; init; }

    /// <summary>The tile with ReLU6.</summary>
    public required delegate*<GemmTile*, void> RunReLU6 { get; init; }

    /// <summary>The tile with an epilogue that runs in registers.</summary>
    public delegate*<GemmTile*, void> For(EpilogueKind epilogue) => epilogue switch
    {
        EpilogueKind.None => Run,
        EpilogueKind.ReLU => RunReLU,
        EpilogueKind.ReLU6 => RunReLU6,
        _ => throw new ArgumentOutOfRangeException(nameof(epilogue), epilogue, $"{Name} does not run this epilogue in registers."),
    };
}
