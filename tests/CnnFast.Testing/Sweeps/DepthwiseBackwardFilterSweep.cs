using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Testing;

/// <summary>
/// Holds the filter and bias gradients of depthwise convolutions on every depthwise filter-gradient kernel against the reference, as
/// <see cref="Conv2DBackwardFilterSweep"/> does.
/// </summary>
public sealed class DepthwiseBackwardFilterSweep : IKernelSweep
{
    private readonly IReadOnlyList<DepthwiseFilterKernel> _kernels;

    /// <summary>Sweeps the kernels of the library.</summary>
    public DepthwiseBackwardFilterSweep()
        : this(DepthwiseFilterKernels.All)
    {
    }

    internal DepthwiseBackwardFilterSweep(IReadOnlyList<DepthwiseFilterKernel> kernels) => _kernels = kernels;

    /// <inheritdoc/>
    public string Family => "Depthwise backward-filter";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (DepthwiseFilterKernel kernel in _kernels.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            var tally = new KernelTally(Family, kernel.Name, kernel.Isa);
            foreach (Conv2DCase test in Conv2DCases.Depthwise(depth))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Conv2DBackwardFilterSweep.Check(tally, test, g => new DepthwiseFilterGradient(g, kernel));
            }

            yield return tally.ToReport();
        }
    }
}
