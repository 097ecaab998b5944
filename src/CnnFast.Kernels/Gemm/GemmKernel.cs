namespace CnnFast.Kernels;

/// <summary>One entry of <see cref="GemmKernels"/>: a register tile of up to MR × NR outputs.</summary>
internal sealed unsafe class GemmKernel : IKernelSet
{
    /// <summary>Bits of a lane.</summary>
    public const int LaneBits = 8 * sizeof(float);

    private string? _name;

    /// <summary>A kernel's name, such as <c>F32Gemm6x16Avx2</c>.</summary>
    public string Name => _name ??= $"F32{Operation}{Isa}";

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => [Operation];

    /// <summary>Whether lanes are pixels of planes instead of channels of a packed filter.</summary>
    public required bool LanesArePixels { get; init; }

    /// <summary>Most rows of the tile; fewer are run as they are.</summary>
    public required int MR { get; init; }

    /// <summary>Columns of the tile, which is the width of a packed panel.</summary>
    public required int NR { get; init; }

    /// <summary>Lanes of a vector.</summary>
    public required int Lanes { get; init; }

    /// <summary>Whether each term is one fused multiply-add.</summary>
    public required bool Fused { get; init; }

    /// <summary>The tile without an activation.</summary>
    public required delegate*<GemmTile*, void> Run { get; init; }

    /// <summary>The tile with ReLU.</summary>
    public required delegate*<GemmTile*, void> RunReLU { get; init; }

    /// <summary>The tile with ReLU6.</summary>
    public required delegate*<GemmTile*, void> RunReLU6 { get; init; }

    /// <summary>Bits of a vector.</summary>
    public int VectorBits => Lanes * LaneBits;

    /// <summary>Vectors of a row.</summary>
    public int Vectors => NR / Lanes;

    private string Operation => $"Gemm{(LanesArePixels ? "Planar" : "")}{MR}x{NR}";

    /// <summary>The tile with an epilogue that runs in registers.</summary>
    public delegate*<GemmTile*, void> For(RegisterFunction function) => function switch
    {
        RegisterFunction.None => Run,
        RegisterFunction.ReLU => RunReLU,
        RegisterFunction.ReLU6 => RunReLU6,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, $"{Name} does not run this epilogue in registers."),
    };
}
