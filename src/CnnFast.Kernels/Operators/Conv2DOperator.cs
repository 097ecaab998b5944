using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Two-dimensional convolution, forward: y[N, OH, OW, OC] = activation(x ∗ w + b) for any stride, dilation, groups and padding.
/// A dense layer is the 1×1 case on [N, 1, 1, IC]. Created once for a geometry (whose N is the largest batch); immutable and thread-safe,
/// <see cref="Run"/> allocates nothing and draws on the caller's workspace.
/// </summary>
internal sealed unsafe class Conv2DOperator
{
    private readonly DirectConvolution _engine;

    private Conv2DOperator(Conv2DGeometry geometry, DirectConvolution engine, int packedFilterLength)
    {
        Geometry = geometry;
        _engine = engine;
        PackedFilterLength = packedFilterLength;
    }

    public Conv2DGeometry Geometry { get; }

    public string KernelName => _engine.Kernel.Name;

    /// <summary>Floats of the packed filter.</summary>
    public int PackedFilterLength { get; }

    public static Conv2DOperator Create(Conv2DGeometry g, Activation activation = Activation.None, IsaLevel? isa = null) =>
        Create(g, KernelSelection.Choose(GemmKernels.All, isa), activation);

    internal static Conv2DOperator Create(Conv2DGeometry g, GemmKernel kernel, Activation activation)
    {
        var source = SlidingSource.Forward(g);
        PixelChunks chunks = PixelChunks.Choose(source, g.N);
        var taps = new FilterTap[g.KH * g.KW];
        for (int t = 0; t < taps.Length; t++)
            taps[t] = new FilterTap(t / g.KW * g.DilationH, t % g.KW * g.DilationW, t / g.KW, t % g.KW);
        nint image = (nint)g.OH * g.OW * g.OC;
        var phase = new GridPhase(
            source,
            chunks,
            taps,
            new DestinationAxis(0, (nint)g.OW * g.OC, 0, g.OH),
            new DestinationAxis(0, g.OC, 0, g.OW),
            image,
            g.GroupC,
            DirectConvolution.ReductionLimit);
        var engine = new DirectConvolution(kernel, activation, source, chunks, [phase], image, g.Groups, g.GroupC, g.GroupOC);
        return new Conv2DOperator(g, engine, OperatorChecks.PackedLength(DirectConvolution.PackedFloats(kernel, g.Groups, g.GroupOC, phase.Terms), g));
    }

    /// <summary>Bytes of workspace that <see cref="Run"/> needs with a scheduler of so many threads.</summary>
    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    /// <summary>Packs a filter [KH, KW, C/G, OC] once for many runs.</summary>
    public void PackFilter(ReadOnlySpan<float> filter, Span<float> packed)
    {
        OperatorChecks.Length("Conv2D", "filter", filter.Length, Geometry.KH * Geometry.KW * Geometry.GroupC * Geometry.OC, Geometry);
        OperatorChecks.Length("Conv2D", "packed filter", packed.Length, PackedFilterLength, Geometry);
        FilterPacking.PackForward(Geometry, _engine.Kernel.NR, filter, packed);
    }

    /// <summary>Runs on <paramref name="n"/> images, at most as many as the geometry has.</summary>
    public void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> packedFilter, ReadOnlySpan<float> bias, Span<float> y, Span<byte> workspace)
    {
        Conv2DGeometry g = Geometry;
        OperatorChecks.Batch("Conv2D", n, g.N, g);
        OperatorChecks.Length("Conv2D", "input", x.Length, n * g.H * g.W * g.C, g);
        OperatorChecks.Length("Conv2D", "packed filter", packedFilter.Length, PackedFilterLength, g);
        OperatorChecks.Length("Conv2D", "bias", bias.Length, bias.IsEmpty ? 0 : g.OC, g);
        OperatorChecks.Length("Conv2D", "output", y.Length, n * g.OH * g.OW * g.OC, g);
        OperatorChecks.Workspace("Conv2D", workspace.Length, WorkspaceBytes(scheduler.MaxThreads), g);
        fixed (float* source = x, packed = packedFilter, destination = y)
        fixed (byte* space = workspace)
            _engine.Run(scheduler, n, source, packed, bias, destination, space);
    }
}
