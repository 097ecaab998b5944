using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Testing;

/// <summary>Holds the data gradient of the convolution on every GEMM tile against the reference, on guarded buffers that start as NaN.</summary>
public sealed class Conv2DBackwardDataSweep : IKernelSweep
{
    private readonly IReadOnlyList<GemmKernel> _kernels;

    /// <summary>Sweeps the kernels of the library.</summary>
    public Conv2DBackwardDataSweep()
        : this([.. GemmKernels.All, .. GemmKernels.Planar])
    {
    }

    internal Conv2DBackwardDataSweep(IReadOnlyList<GemmKernel> kernels) => _kernels = kernels;

    /// <inheritdoc/>
    public string Family => "Conv2D backward-data";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (GemmKernel kernel in _kernels.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            var tally = new KernelTally(Family, kernel.Name, kernel.Isa);
            foreach (Conv2DCase test in Conv2DCases.Of(depth))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Check(tally, test, g => kernel.LanesArePixels ? new PlanarBackwardData(g, [kernel]) : new DirectBackwardData(g, PanelPlan.Of(kernel, g.GroupC)));
            }

            yield return tally.ToReport();
        }
    }

    /// <summary>Runs a case on an engine.</summary>
    internal static void Check(KernelTally tally, Conv2DCase test, Func<Conv2DGeometry, IConvolutionEngine> create)
    {
        Conv2DGeometry g = test.Geometry;
        Conv2DGeometry larger = g.WithBatch(g.N + (test.Seed % 3));
        var op = new Conv2DBackwardData(larger, create(larger));
        using var dy = new GuardedBuffer<float>(test.DY());
        using var filter = new GuardedBuffer<float>(test.W());
        using var packed = new GuardedBuffer<float>(op.PackedFilterLength);
        using var dx = new GuardedBuffer<float>(g.Input.ElementCount, test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        packed.Fill(float.NaN);
        dx.Fill(float.NaN);
        workspace.Fill(0xFF);
        op.PackFilter(filter.Span, packed.Span);
        op.Run(SerialScheduler.Instance, g.N, dy.Span, packed.Span, dx.Span, workspace.Span);
        if (dx.SlackIsIntact && workspace.SlackIsIntact)
            tally.Add(test.ToString(), test.ExpectBackwardData().Measure(dx.Span));
        else
            tally.Fail(test.ToString(), "wrote outside its output or workspace");
    }
}
