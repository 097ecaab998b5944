using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the filter and bias gradients of the convolution on every outer-product tile against the reference, on
/// guarded buffers that start as NaN.
/// </summary>
public sealed class Conv2DBackwardFilterSweep : IKernelSweep
{
    private readonly IReadOnlyList<GemmOuterKernel> _kernels;

    /// <summary>Sweeps the kernels of the library.</summary>
    public Conv2DBackwardFilterSweep()
        : this(GemmOuterKernels.All)
    {
    }

    internal Conv2DBackwardFilterSweep(IReadOnlyList<GemmOuterKernel> kernels) => _kernels = kernels;

    /// <inheritdoc/>
    public string Family => "Conv2D backward-filter";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (GemmOuterKernel kernel in _kernels.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            var tally = new KernelTally(Family, kernel.Name, kernel.Isa);
            foreach (Conv2DCase test in Conv2DCases.Of(depth).Concat(Conv2DCases.FewerOutputs))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Check(tally, test, g => OuterProductFilterGradient.WithFilterRows(g, kernel));
                if (OuterProductFilterGradient.CanHaveChannelRows(test.Geometry))
                    Check(tally, test, g => OuterProductFilterGradient.WithChannelRows(g, kernel));
            }

            yield return tally.ToReport();
        }
    }

    /// <summary>Runs a case on an engine; its seed chooses whether there is a bias.</summary>
    internal static void Check(KernelTally tally, Conv2DCase test, Func<Conv2DGeometry, IFilterGradientEngine> create)
    {
        Conv2DGeometry g = test.Geometry;
        Conv2DGeometry larger = g.WithBatch(g.N + (test.Seed % 3));
        var op = new Conv2DBackwardFilter(larger, create(larger));
        bool withBias = test.Seed % 3 != 0;
        using var x = new GuardedBuffer<float>(test.X());
        using var dy = new GuardedBuffer<float>(test.DY());
        using var dw = new GuardedBuffer<float>(g.Filter.ToShape().ElementCount, test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var db = new GuardedBuffer<float>(withBias ? g.OC : 0);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        dw.Fill(float.NaN);
        db.Fill(float.NaN);
        workspace.Fill(0xFF);
        op.Run(SerialScheduler.Instance, g.N, x.Span, dy.Span, dw.Span, db.Span, workspace.Span);
        string name = $"{test}, bias {withBias}";
        if (!dw.SlackIsIntact || !db.SlackIsIntact || !workspace.SlackIsIntact)
        {
            tally.Fail(name, "wrote outside its output or workspace");
            return;
        }

        ErrorMeasure error = test.ExpectBackwardFilter().Measure(dw.Span);
        tally.Add(name, withBias ? error.Max(test.ExpectBackwardBias().Measure(db.Span)) : error);
    }
}
