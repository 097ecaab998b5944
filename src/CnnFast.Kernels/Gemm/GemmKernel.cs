namespace CnnFast.Kernels;

/// <summary>One entry of <see cref="GemmKernels"/>: a register tile of MR × NR outputs.</summary>
/// <param name="isa">The tier that it needs.</param>
/// <param name="mr">Rows of the tile.</param>
/// <param name="nr">Columns of the tile, which is the width of a packed panel.</param>
/// <param name="fused">Whether each term is one fused multiply-add.</param>
/// <param name="run">The tile without an activation.</param>
/// <param name="runReLU">The tile with ReLU.</param>
internal sealed unsafe class GemmKernel(IsaLevel isa, int mr, int nr, bool fused, delegate*<GemmTile*, void> run, delegate*<GemmTile*, void> runReLU) : IKernelSet
{
    public string Name { get; } = $"F32Gemm{mr}x{nr}{isa}";

    public IsaLevel Isa { get; } = isa;

    public IReadOnlyList<string> Operations { get; } = [$"Gemm{mr}x{nr}"];

    public int MR { get; } = mr;

    public int NR { get; } = nr;

    public bool Fused { get; } = fused;

    public delegate*<GemmTile*, void> Run { get; } = run;

    public delegate*<GemmTile*, void> RunReLU { get; } = runReLU;

    public delegate*<GemmTile*, void> For(Activation activation) => activation switch
    {
        Activation.None => Run,
        Activation.ReLU => RunReLU,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, $"{Name} has no epilogue for this activation."),
    };
}
