namespace CnnFast.Kernels;

/// <summary>The kernels of <see cref="ElementFunctions"/> and their gradients, one set a tier. They are made when they are asked for, so
/// that only those compile that run.</summary>
internal abstract class FunctionKernels : IKernelSet, ITierKernels<FunctionKernels>
{
    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<FunctionKernels> All = Tiers.Build<FunctionKernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations { get; } = [.. ElementFunctions.All.SelectMany(function =>
        (string[])[function.Name, GradientOf(function)])];

    /// <summary>What the gradient of a function is called, such as <c>SiLUBackward</c>.</summary>
    public static string GradientOf(ElementFunction function) => $"{function}Backward";

    /// <summary>The kernels of a function.</summary>
    public abstract FunctionKernel For(ElementFunction function);

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static FunctionKernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new OfLanes<L, V, I> { Isa = isa };

    private sealed class OfLanes<L, V, I> : FunctionKernels
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        public override FunctionKernel For(ElementFunction function) => function.Kernel<L, V, I>();
    }
}
