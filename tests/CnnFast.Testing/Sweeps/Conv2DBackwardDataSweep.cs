using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Testing;

/// <summary>
/// Holds the data gradient of the convolution on every GEMM tile against the reference, alone and as a transposed convolution with bias,
/// residual and every epilogue, on guarded buffers that start as NaN. Outputs whose pixels lie apart must have the same bits.
/// </summary>
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
            foreach (Conv2DCase test in Conv2DCases.Of(depth).Concat(Conv2DCases.FewerOutputs))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Check(tally, test, (pass, epilogue) => Conv2DForwardSweep.Engine(pass, kernel, epilogue));
            }

            yield return tally.ToReport();
        }
    }

    /// <summary>Runs a case on an engine, plain and with bias, residual and epilogue as its seed chooses.</summary>
    internal static void Check(KernelTally tally, Conv2DCase test, Func<ConvolutionPass, Epilogue, IConvolutionEngine> create)
    {
        ExpectedTensor data = test.ExpectBackwardData();
        Check(tally, test, data, create, withBias: false, withResidual: false, default);
        Epilogue epilogue = ExpectedActivation.All[test.Seed % ExpectedActivation.All.Count];
        Check(tally, test, data, create, withBias: test.Seed % 4 != 0, withResidual: test.Seed % 3 == 0, epilogue);
    }

    private static void Check(
        KernelTally tally,
        Conv2DCase test,
        ExpectedTensor data,
        Func<ConvolutionPass, Epilogue, IConvolutionEngine> create,
        bool withBias,
        bool withResidual,
        Epilogue epilogue)
    {
        Conv2DGeometry g = test.Geometry;
        Conv2DGeometry larger = g.WithBatch(g.N + (test.Seed % 3));
        var pass = ConvolutionPass.BackwardData(larger);
        var op = new Conv2DOperator(pass, create(pass, epilogue));
        using var dy = new GuardedBuffer<float>(test.DY());
        using var filter = new GuardedBuffer<float>(test.W());
        using var bias = new GuardedBuffer<float>(withBias ? test.TransposedBias() : []);
        using var packed = new GuardedBuffer<float>(op.PackedFilterLength);
        using var dx = new GuardedBuffer<float>(g.Input.ElementCount, test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        packed.Fill(float.NaN);
        workspace.Fill(0xFF);
        // The residual is the destination, as the compiler places it, or memory of its own.
        bool inPlace = withResidual && test.Seed % 2 == 0;
        using var residual = new GuardedBuffer<float>(withResidual && !inPlace ? test.TransposedResidual() : []);
        if (inPlace)
            test.TransposedResidual().CopyTo(dx.Span);
        else
            dx.Fill(float.NaN);
        op.PackFilter(filter.Span, packed.Span);
        ReadOnlySpan<float> added = inPlace ? test.TransposedResidual() : residual.Span;
        op.Run(SerialScheduler.Instance, g.N, dy.Span, packed.Span, bias.Span, dx.Span, workspace.Span, inPlace ? dx.Span : residual.Span);
        string name = $"{test}, bias {withBias}, residual {withResidual}, {epilogue}";
        if (dx.SlackIsIntact && workspace.SlackIsIntact)
            tally.Add(name, test.ExpectTransposed(data, withBias, withResidual, epilogue).Measure(dx.Span));
        else
            tally.Fail(name, "wrote outside its output or workspace");
        int pitch = Conv2DForwardSweep.PitchOf(test, g.C);
        var apart = ConvolutionPass.BackwardData(larger, pitch);
        var opApart = new Conv2DOperator(apart, create(apart, epilogue));
        Conv2DForwardSweep.CheckPitch(tally, test, name, opApart, apart, dy.Span, packed.Span, bias.Span, added, dx.Span);
    }
}
