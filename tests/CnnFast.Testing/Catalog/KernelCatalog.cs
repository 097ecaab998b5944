using CnnFast.Kernels;

namespace CnnFast.Testing;

/// <summary>What the kernel lists hold and which of it is chosen here: <c>cnnfast info</c> prints it.</summary>
public static class KernelCatalog
{
    /// <summary>Every entry of every list, family by family, best first.</summary>
    /// <returns>The entries.</returns>
    /// <exception cref="InvalidOperationException"><c>CNNFAST_ISA</c> names no tier, or one that is not supported here.</exception>
    public static IReadOnlyList<KernelEntry> Read()
    {
        IsaLevel limit = CpuInfo.Isa;
        var entries = new List<KernelEntry>();
        Add(entries, "Gemm", limit, GemmKernels.All.Select(kernel => (kernel.Name, kernel.Isa)));
        Add(entries, "GemmPlanar", limit, GemmKernels.Planar.Select(kernel => (kernel.Name, kernel.Isa)));
        Add(entries, "GemmOuter", limit, GemmOuterKernels.All.Select(kernel => (kernel.Name, kernel.Isa)));
        Add(entries, "DenseBFloat16", limit, Sets(BFloat16Kernels.All));
        Add(entries, "Depthwise", limit, DepthwiseKernels.All.Select(kernel => (kernel.Name, kernel.Isa)));
        Add(entries, "DepthwiseFilter", limit, DepthwiseFilterKernels.All.Select(kernel => (kernel.Name, kernel.Isa)));
        Add(entries, "Winograd", limit, Sets(WinogradKernels.All));
        Add(entries, "Elementwise", limit, Sets(ElementwiseKernels.All));
        Add(entries, "Activation", limit, Sets(FunctionKernels.All));
        Add(entries, "PReLU", limit, Sets(PReLUKernels.All));
        Add(entries, "Broadcast", limit, Sets(BroadcastKernels.All));
        Add(entries, "Resize", limit, Sets(ResizeKernels.All));
        Add(entries, "Pool", limit, Sets(PoolKernels.All));
        Add(entries, "Reduce", limit, Sets(ReduceKernels.All));
        Add(entries, "Normalization", limit, Sets(NormalizationKernels.All));
        Add(entries, "Softmax", limit, Sets(SoftmaxKernels.All));
        Add(entries, "Optimizer", limit, Sets(OptimizerKernels.All));
        Add(entries, "Loss", limit, Sets(LossKernels.All));
        Add(entries, "Augment", limit, Sets(AugmentKernels.All));
        return entries;
    }

    private static IEnumerable<(string Name, IsaLevel Isa)> Sets<TSet>(IReadOnlyList<TSet> sets)
        where TSet : IKernelSet =>
        sets.SelectMany(set => set.Operations, (set, operation) => (((IKernelSet)set).NameOf(operation), set.Isa));

    // A tier's set holds one kernel for every operation, so the first tier of the list that is allowed is chosen whole.
    private static void Add(List<KernelEntry> entries, string family, IsaLevel limit, IEnumerable<(string Name, IsaLevel Isa)> list)
    {
        IsaLevel? chosen = null;
        foreach ((string name, IsaLevel isa) in list)
        {
            if (CpuInfo.Allows(limit, isa))
                chosen ??= isa;
            entries.Add(new KernelEntry(family, name, isa, CpuInfo.IsSupported(isa), chosen == isa));
        }
    }
}
