using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class SweepCoverageTests
{
    [Fact]
    public void Every_kernel_that_can_run_here_is_held_by_exactly_one_report()
    {
        IKernelSet[] sets =
        [
            .. WinogradKernels.All, .. BFloat16Kernels.All, .. FunctionKernels.All, .. PReLUKernels.All, .. BroadcastKernels.All,
            .. ResizeKernels.All, .. ElementwiseKernels.All, .. PoolKernels.All, .. ReduceKernels.All, .. NormalizationKernels.All,
            .. SoftmaxKernels.All,
            .. OptimizerKernels.All, .. LossKernels.All, .. AugmentKernels.All,
        ];
        IEnumerable<string> expected = sets.Where(set => CpuInfo.IsSupported(set.Isa))
            .SelectMany(set => set.Operations.Select(set.NameOf))
            .Order();
        IKernelSweep[] sweeps =
        [
            new WinogradSweep(), new BFloat16Sweep(), new ActivationSweep(), new ActivationGradientSweep(), new PReLUSweep(),
            new BroadcastSweep(),
            new ResizeSweep(), new ElementwiseSweep(), new Pool2DSweep(), new ReduceSweep(), new NormalizationSweep(),
            new ExponentialSweep(), new SoftmaxSweep(), new OptimizerSweep(), new LossSweep(), new AugmentSweep(),
        ];
        IEnumerable<string> swept = sweeps.SelectMany(sweep => sweep.Run(SweepDepth.Quick, TestContext.Current.CancellationToken))
            .Select(report => report.Kernel)
            .Order();
        Assert.Equal(expected, swept);
    }

    [Fact]
    public void Every_list_ends_with_a_scalar_set_and_names_each_tier_once()
    {
        foreach (IReadOnlyList<IKernelSet> list in new IReadOnlyList<IKernelSet>[]
        {
            WinogradKernels.All, FunctionKernels.All, PReLUKernels.All, BroadcastKernels.All, ResizeKernels.All, ElementwiseKernels.All,
            PoolKernels.All, ReduceKernels.All, NormalizationKernels.All, SoftmaxKernels.All, OptimizerKernels.All, LossKernels.All,
            AugmentKernels.All, BFloat16Kernels.All,
        })
        {
            Assert.Equal(IsaLevel.Scalar, list[^1].Isa);
            Assert.Equal(list.Count, list.Select(set => set.Isa).Distinct().Count());
        }
    }
}
