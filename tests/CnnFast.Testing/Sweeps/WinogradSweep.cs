using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Testing;

/// <summary>
/// Holds Winograd convolutions against the reference, both forms, forward (every epilogue, with and without bias and residual) and both
/// gradients, on the transforms of every tier. The bound is that of the algorithm (see <see cref="WinogradBound"/>).
/// </summary>
public sealed class WinogradSweep : IKernelSweep
{
    private readonly IReadOnlyList<WinogradKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public WinogradSweep()
        : this(WinogradKernels.All)
    {
    }

    internal WinogradSweep(IReadOnlyList<WinogradKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Winograd";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (WinogradKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (ConvAlgorithm algorithm in new[] { ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4 })
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(algorithm.ToString()), set.Isa);
                foreach (Conv2DCase test in Conv2DCases.Winograd.Where(c => depth == SweepDepth.Full || c.Seed % 3 == 0))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Forward(tally, set, algorithm, test, withBias: test.Seed % 3 != 1, withResidual: test.Seed % 2 == 0,
                        ExpectedActivation.All[test.Seed % ExpectedActivation.All.Count]);
                    BackwardData(tally, set, algorithm, test, withBias: false, withResidual: false, default);
                    BackwardData(tally, set, algorithm, test, withBias: test.Seed % 4 != 0, withResidual: test.Seed % 3 == 0,
                        ExpectedActivation.All[test.Seed % ExpectedActivation.All.Count]);
                    BackwardFilter(tally, set, algorithm, test);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Forward(KernelTally tally, WinogradKernels set, ConvAlgorithm algorithm, Conv2DCase test, bool withBias,
        bool withResidual, Epilogue epilogue)
    {
        Conv2DGeometry g = test.Geometry;
        Conv2DGeometry larger = g.WithBatch(g.N + (test.Seed % 3));
        var pass = ConvolutionPass.Forward(larger);
        var map = WinogradMap.Of(pass);
        var op = new Conv2DOperator(pass, Engine(pass));
        using var x = new GuardedBuffer<float>(test.X(), test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
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
        if (!y.SlackIsIntact || !workspace.SlackIsIntact)
        {
            tally.Fail(name, "wrote outside its output or workspace");
            return;
        }

        double[] magnitudes = WinogradBound.Magnitudes(Outputs(algorithm), map, g.N, test.X(), test.W());
        for (int i = 0; i < magnitudes.Length; i++)
            magnitudes[i] += (withBias ? Math.Abs(bias.Span[i % g.OC]) : 0) + (withResidual ? Math.Abs(residual.Span[i]) : 0);
        double[] values = test.ExpectForward(withBias, withResidual, default).Values;
        tally.Add(name,
            ExpectedActivation.Apply(epilogue, new ExpectedTensor(values, magnitudes, WinogradBound.Terms(g.C))).Measure(y.Span));
        var apart = ConvolutionPass.Forward(larger, Conv2DForwardSweep.PitchOf(test, g.OC));
        var opApart = new Conv2DOperator(apart, Engine(apart));
        Conv2DForwardSweep.CheckPitch(tally, test, name, opApart, apart, x.Span, packed.Span, bias.Span, residual.Span, y.Span);

        WinogradConvolution Engine(ConvolutionPass p) => new(p, set, KernelSelection.Choose(GemmKernels.All, set.Isa), algorithm, epilogue);
    }

    private static void BackwardData(KernelTally tally, WinogradKernels set, ConvAlgorithm algorithm, Conv2DCase test, bool withBias,
        bool withResidual, Epilogue epilogue)
    {
        Conv2DGeometry g = test.Geometry;
        Conv2DGeometry larger = g.WithBatch(g.N + (test.Seed % 3));
        var pass = ConvolutionPass.BackwardData(larger);
        var map = WinogradMap.Of(pass);
        var op = new Conv2DOperator(pass,
            new WinogradConvolution(pass, set, KernelSelection.Choose(GemmKernels.All, set.Isa), algorithm, epilogue));
        using var dy = new GuardedBuffer<float>(test.DY());
        using var filter = new GuardedBuffer<float>(test.W());
        using var bias = new GuardedBuffer<float>(withBias ? test.TransposedBias() : []);
        using var residual = new GuardedBuffer<float>(withResidual ? test.TransposedResidual() : []);
        using var packed = new GuardedBuffer<float>(op.PackedFilterLength);
        using var dx = new GuardedBuffer<float>(g.Input.ElementCount, test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        packed.Fill(float.NaN);
        dx.Fill(float.NaN);
        workspace.Fill(0xFF);
        op.PackFilter(filter.Span, packed.Span);
        op.Run(SerialScheduler.Instance, g.N, dy.Span, packed.Span, bias.Span, dx.Span, workspace.Span, residual.Span);
        string name = $"data gradient, {test}, bias {withBias}, residual {withResidual}, {epilogue}";
        if (!dx.SlackIsIntact || !workspace.SlackIsIntact)
        {
            tally.Fail(name, "wrote outside its output or workspace");
            return;
        }

        double[] magnitudes = WinogradBound.Magnitudes(Outputs(algorithm), map, g.N, test.DY(), FlipAndTranspose(g, test.W()));
        tally.Add(name, test.ExpectTransposed(new ExpectedTensor(test.ExpectBackwardData().Values, magnitudes, WinogradBound.Terms(g.OC)),
            withBias, withResidual, epilogue).Measure(dx.Span));
    }

    private static void BackwardFilter(KernelTally tally, WinogradKernels set, ConvAlgorithm algorithm, Conv2DCase test)
    {
        Conv2DGeometry g = test.Geometry;
        Conv2DGeometry larger = g.WithBatch(g.N + (test.Seed % 3));
        var op = new Conv2DBackwardFilter(larger,
            new WinogradFilterGradient(larger, set, GemmOuterKernels.Choose(g.C, 1, g.OC, set.Isa), algorithm));
        using var x = new GuardedBuffer<float>(test.X(), test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var dy = new GuardedBuffer<float>(test.DY());
        using var dw = new GuardedBuffer<float>(g.Filter.ToShape().ElementCount, test.Seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var db = new GuardedBuffer<float>(test.Seed % 4 == 0 ? 0 : g.OC);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        dw.Fill(float.NaN);
        db.Fill(float.NaN);
        workspace.Fill(0xFF);
        op.Run(SerialScheduler.Instance, g.N, x.Span, dy.Span, dw.Span, db.Span, workspace.Span);
        string name = $"filter gradient, {test}";
        if (!dw.SlackIsIntact || !db.SlackIsIntact || !workspace.SlackIsIntact)
        {
            tally.Fail(name, "wrote outside its output or workspace");
            return;
        }

        int outputs = Outputs(algorithm);
        long tiles = (long)g.N * ((g.OH + outputs - 1) / outputs) * ((g.OW + outputs - 1) / outputs);
        double[] magnitudes = WinogradBound.FilterMagnitudes(outputs, g, test.X(), test.DY());
        tally.Add(name,
            new ExpectedTensor(test.ExpectBackwardFilter().Values, magnitudes, WinogradBound.FilterTerms(tiles)).Measure(dw.Span));
        if (db.Span.Length > 0)
            tally.Add($"bias gradient, {test}", test.ExpectBackwardBias().Measure(db.Span));
    }

    private static int Outputs(ConvAlgorithm algorithm) => algorithm == ConvAlgorithm.Winograd2 ? 2 : 4;

    // The filter by which dy is convolved to give dx.
    private static float[] FlipAndTranspose(Conv2DGeometry g, float[] w)
    {
        var flipped = new float[w.Length];
        for (int t = 0; t < 9; t++)
            for (int c = 0; c < g.C; c++)
                for (int oc = 0; oc < g.OC; oc++)
                    flipped[((((8 - t) * g.OC) + oc) * g.C) + c] = w[(((t * g.C) + c) * g.OC) + oc];
        return flipped;
    }
}
