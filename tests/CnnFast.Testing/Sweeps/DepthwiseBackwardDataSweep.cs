using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Testing;

/// <summary>
/// Holds the data gradient of depthwise convolutions on every depthwise kernel against the reference, as
/// <see cref="Conv2DBackwardDataSweep"/> does.
/// </summary>
public sealed class DepthwiseBackwardDataSweep : IKernelSweep
{
    private readonly IReadOnlyList<DepthwiseKernel> _kernels;

    /// <summary>Sweeps the kernels of the library.</summary>
    public DepthwiseBackwardDataSweep()
        : this(DepthwiseKernels.All)
    {
    }

    internal DepthwiseBackwardDataSweep(IReadOnlyList<DepthwiseKernel> kernels) => _kernels = kernels;

    /// <inheritdoc/>
    public string Family => "Depthwise backward-data";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (DepthwiseKernel kernel in _kernels.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            var tally = new KernelTally(Family, kernel.Name, kernel.Isa);
            foreach (Conv2DCase test in Conv2DCases.Depthwise(depth))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Conv2DBackwardDataSweep.Check(tally, test, (pass, epilogue) => new DepthwiseConvolution(pass, kernel, epilogue));
            }

            yield return tally.ToReport();
        }
    }
}
