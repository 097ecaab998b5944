namespace CnnFast.Kernels;

/// <summary>One entry of <see cref="DepthwiseKernels"/>: the tiles of one tier, with each epilogue that runs in registers.</summary>
internal sealed class DepthwiseKernel : IKernelSet, ITierKernels<DepthwiseKernel>
{
    private string? _name;

    /// <summary>The kernel's name, such as <c>F32Depthwise8x8Avx2</c>: columns × channels.</summary>
    public string Name => _name ??= $"F32{Operations[0]}{Isa}";

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => [$"Depthwise{DepthwiseTiles.MostColumns}x{Lanes}"];

    /// <summary>Channels of a vector, which is the width of a packed panel.</summary>
    public required int Lanes { get; init; }

    /// <summary>Whether each term is one fused multiply-add.</summary>
    public required bool Fused { get; init; }

    /// <summary>The tiles without an activation.</summary>
    public required DepthwiseTiles Run { get; init; }

    /// <summary>The tiles with ReLU.</summary>
    public required DepthwiseTiles RunReLU { get; init; }

    /// <summary>The tiles with ReLU6.</summary>
    public required DepthwiseTiles RunReLU6 { get; init; }

    public static DepthwiseKernel Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Lanes = L.Count,
            Fused = L.IsFused,
            Run = DepthwiseTiles.Create<L, V, I, IdentityOperation>(),
            RunReLU = DepthwiseTiles.Create<L, V, I, ReLUOperation>(),
            RunReLU6 = DepthwiseTiles.Create<L, V, I, ReLU6Operation>(),
        };

    /// <summary>The tiles with an epilogue that runs in registers.</summary>
    public DepthwiseTiles For(RegisterFunction function) => function switch
    {
        RegisterFunction.None => Run,
        RegisterFunction.ReLU => RunReLU,
        RegisterFunction.ReLU6 => RunReLU6,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, $"{Name} does not run this epilogue in registers."),
    };
}
