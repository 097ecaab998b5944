using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>The forward pass by GEMM tiles over the input itself or a padded slab of it: any stride, dilation, groups and padding.</summary>
internal sealed unsafe class DirectForward : IConvolutionEngine
{
    private readonly Conv2DGeometry _geometry;
    private readonly PanelPlan _plan;
    private readonly DirectConvolution _engine;

    public DirectForward(Conv2DGeometry g, PanelPlan plan, Epilogue epilogue, int outputPitch = 0)
    {
        _geometry = g;
        _plan = plan;
        var source = SlidingSource.Forward(g);
        PixelChunks chunks = PixelChunks.Choose(source, g.N);
        var taps = new FilterTap[g.KH * g.KW];
        for (int t = 0; t < taps.Length; t++)
            taps[t] = new FilterTap(t / g.KW * g.DilationH, t % g.KW * g.DilationW, t / g.KW, t % g.KW);
        nint pitch = OutputPitch.Of(g, outputPitch);
        nint image = (nint)g.OH * g.OW * pitch;
        var phase = new GridPhase(
            source,
            chunks,
            taps,
            new DestinationAxis(0, g.OW * pitch, 0, g.OH),
            new DestinationAxis(0, pitch, 0, g.OW),
            image,
            g.GroupC,
            PanelPlan.ReductionLimit);
        _engine = new DirectConvolution(plan, epilogue, source, chunks, [phase], image, g.Groups, g.GroupC, g.GroupOC);
        PackedFilterLength = OperatorChecks.PackedLength((long)phase.Terms * g.Groups * plan.PackedColumns, g);
    }

    public string KernelName => _engine.KernelName;

    public int PackedFilterLength { get; }

    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed) => FilterPacking.PackForward(_geometry, _plan, filter, packed);

    public void Run(IWorkScheduler scheduler, int batch, float* source, float* packed, ReadOnlySpan<float> bias, float* residual, float* destination, byte* workspace) =>
        _engine.Run(scheduler, batch, source, packed, bias, residual, destination, workspace);
}
