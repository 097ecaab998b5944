using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Testing;

/// <summary>
/// Holds the forward pass of depthwise convolutions on every depthwise kernel against the reference, as
/// <see cref="Conv2DForwardSweep"/> does.
/// </summary>
public sealed class DepthwiseForwardSweep : IKernelSweep
{
    private readonly IReadOnlyList<DepthwiseKernel> _kernels;

    /// <summary>Sweeps the kernels of the library.</summary>
    public DepthwiseForwardSweep()
        : this(DepthwiseKernels.All)
    {
    }

    internal DepthwiseForwardSweep(IReadOnlyList<DepthwiseKernel> kernels) => _kernels = kernels;

    /// <inheritdoc/>
    public string Family => "Depthwise forward";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (DepthwiseKernel kernel in _kernels.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            var tally = new KernelTally(Family, kernel.Name, kernel.Isa);
            foreach (Conv2DCase test in Conv2DCases.Depthwise(depth))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Conv2DForwardSweep.Check(tally, test, (pass, epilogue) => new DepthwiseConvolution(pass, kernel, epilogue));
            }

            yield return tally.ToReport();
        }
    }
}
