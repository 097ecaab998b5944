using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the forward convolution on every GEMM tile against the reference: with and without bias and residual, every epilogue, whole and
/// part batches, inputs that end at a page without access, outputs that start as NaN. Outputs whose pixels lie apart must have the same
/// bits, and nothing between them may change.
/// </summary>
public sealed class Conv2DForwardSweep : IKernelSweep
{
    private readonly IReadOnlyList<GemmKernel> _kernels;

    /// <summary>Sweeps the kernels of the library.</summary>
    public Conv2DForwardSweep()
        : this([.. GemmKernels.All, .. GemmKernels.Planar])
    {
    }

    internal Conv2DForwardSweep(IReadOnlyList<GemmKernel> kernels) => _kernels = kernels;

    /// <inheritdoc/>
    public string Family => "Conv2D forward";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (GemmKernel kernel in _kernels.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            var tally = new KernelTally(Family, kernel.Name, kernel.Isa);
            foreach (Conv2DCase test in Conv2DCases.Of(depth).Concat(Conv2DCases.FewerOutputs))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!kernel.LanesArePixels || PlanarConvolution.Serves(ConvolutionPass.Forward(test.Geometry)))
                    Check(tally, test, (pass, epilogue) => Engine(pass, kernel, epilogue));
            }

            yield return tally.ToReport();
        }
    }

    /// <summary>The engine that runs on a tile.</summary>
    internal static IConvolutionEngine Engine(ConvolutionPass pass, GemmKernel kernel, Epilogue epilogue) => kernel.LanesArePixels
        ? new PlanarConvolution(pass, [kernel], epilogue)
        : new DirectConvolution(pass, PanelPlan.Of(kernel, pass.GroupOut), epilogue);

    /// <summary>Runs a case on an engine; its seed chooses bias, residual and epilogue.</summary>
    internal static void Check(KernelTally tally, Conv2DCase test, Func<ConvolutionPass, Epilogue, IConvolutionEngine> create)
    {
        bool withBias = test.Seed % 3 != 0, withResidual = test.Seed % 5 == 0;
        Epilogue epilogue = ExpectedActivation.All[test.Seed % ExpectedActivation.All.Count];

        // The operator is made for a larger batch than it runs, as the last batch of an epoch is.
        Conv2DGeometry g = test.Geometry;
        Conv2DGeometry larger = g.WithBatch(g.N + (test.Seed % 3));
        var pass = ConvolutionPass.Forward(larger);
        var op = new Conv2DOperator(pass, create(pass, epilogue));
        using var x = new GuardedBuffer<float>(test.X());
        using var filter = new GuardedBuffer<float>(test.W());
        using var bias = new GuardedBuffer<float>(withBias ? test.Bias() : []);
        using var residual = new GuardedBuffer<float>(withResidual ? test.Residual() : []);
        using var packed = new GuardedBuffer<float>(op.PackedFilterLength);
        using var y = new GuardedBuffer<float>(g.Output.ElementCount, test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        packed.Fill(float.NaN);
        y.Fill(float.NaN);
        workspace.Fill(0xFF);
        op.PackFilter(filter.Span, packed.Span);
        op.Run(SerialScheduler.Instance, g.N, x.Span, packed.Span, bias.Span, y.Span, workspace.Span, residual.Span);
        string name = $"{test}, bias {withBias}, residual {withResidual}, {epilogue}";
        if (y.SlackIsIntact && workspace.SlackIsIntact)
            tally.Add(name, test.ExpectForward(withBias, withResidual, epilogue).Measure(y.Span));
        else
            tally.Fail(name, "wrote outside its output or workspace");
        var apart = ConvolutionPass.Forward(larger, PitchOf(test, g.OC));
        var opApart = new Conv2DOperator(apart, create(apart, epilogue));
        CheckPitch(tally, test, name, opApart, apart, x.Span, packed.Span, bias.Span, residual.Span, y.Span);
    }

    /// <summary>Floats between two pixels where they lie apart: the space between is a vector or less.</summary>
    internal static int PitchOf(Conv2DCase test, int channels) => channels + (test.Seed % 4 == 0 ? 16 : 1 + (test.Seed % 7));

    /// <summary>Runs an operator whose output's pixels lie apart: its bits must be those of the output whose pixels do not.</summary>
    internal static void CheckPitch(
        KernelTally tally,
        Conv2DCase test,
        string name,
        Conv2DOperator op,
        ConvolutionPass pass,
        ReadOnlySpan<float> source,
        ReadOnlySpan<float> packed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<float> residual,
        ReadOnlySpan<float> expected)
    {
        int n = test.Geometry.N;
        using var y = new PitchedBuffer(n * pass.Rows * pass.Columns, pass.Channels, pass.Pitch,
            test.Seed % 2 == 0 ? GuardSide.Before : GuardSide.After);
        using PitchedBuffer? added = residual.IsEmpty ? null : new PitchedBuffer(residual, pass.Channels, pass.Pitch);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        workspace.Fill(0xFF);
        op.Run(SerialScheduler.Instance, n, source, packed, bias, y.Span, workspace.Span, added is null ? default : added.Span);
        name = $"{name}, pitch {pass.Pitch}";
        if (y.RestIsIntact && workspace.SlackIsIntact)
            tally.Add(name, ErrorBound.MeasureExact(y.Gather(), expected));
        else
            tally.Fail(name, "wrote outside its pixels or workspace");
    }
}
