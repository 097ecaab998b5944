using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>The forward pass on planes: for few output channels whose windows lie one column apart.</summary>
internal sealed unsafe class PlanarForward : IConvolutionEngine
{
    private readonly Conv2DGeometry _geometry;
    private readonly PlanarPhase _phase;
    private readonly PlanarConvolution _engine;

    public PlanarForward(Conv2DGeometry g, IReadOnlyList<GemmKernel> kernels, Epilogue epilogue, int outputPitch = 0)
    {
        _geometry = g;
        var source = SlidingSource.Forward(g);
        var taps = new FilterTap[g.KH * g.KW];
        for (int t = 0; t < taps.Length; t++)
            taps[t] = new FilterTap(t / g.KW * g.DilationH, t % g.KW * g.DilationW, t / g.KW, t % g.KW);
        nint pitch = OutputPitch.Of(g, outputPitch);
        nint image = (nint)g.OH * g.OW * pitch;
        _phase = new PlanarPhase(taps, new DestinationAxis(0, g.OW * pitch, 0, g.OH), new DestinationAxis(0, pitch, 0, g.OW), g.GroupC, PlanarConvolution.Width(source), 0);
        _engine = new PlanarConvolution(kernels, epilogue, source, [_phase], g.N, image, g.Groups, g.GroupC, g.GroupOC);
        PackedFilterLength = OperatorChecks.PackedLength((long)_phase.Terms * g.OC, g);
    }

    /// <summary>What the batch costs by the model.</summary>
    public double Cycles => _engine.Cycles * _geometry.N;

    public string KernelName => _engine.KernelName;

    public int PackedFilterLength { get; }

    /// <summary>Whether the engine can run the sizes.</summary>
    public static bool Serves(Conv2DGeometry g) => g.StrideW == 1;

    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed)
    {
        int terms = _phase.Terms;
        for (int term = 0; term < terms; term++)
        {
            ReadOnlySpan<float> row = filter.Row(term);
            for (int i = 0; i < row.Length; i++)
                packed[((filter.First + i) * terms) + term] = row[i];
        }
    }

    public void Run(IWorkScheduler scheduler, int batch, float* source, float* packed, ReadOnlySpan<float> bias, float* residual, float* destination, byte* workspace) =>
        _engine.Run(scheduler, batch, source, packed, bias, residual, destination, workspace);
}
