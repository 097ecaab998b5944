using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The data gradient of a convolution: dx[m,i,j,c] = Σ over k, a, b of dy · w, the forward engine with the filter flipped and transposed.
/// With stride s the input pixels fall into s² residues that see different taps: each is a phase of its own, so no zeros are multiplied.
/// Created once for a geometry; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class Conv2DBackwardData
{
    private readonly DirectConvolution _engine;
    private readonly GridPhase[] _phases;

    private Conv2DBackwardData(Conv2DGeometry geometry, DirectConvolution engine, GridPhase[] phases, int packedFilterLength)
    {
        Geometry = geometry;
        _engine = engine;
        _phases = phases;
        PackedFilterLength = packedFilterLength;
    }

    public Conv2DGeometry Geometry { get; }

    public string KernelName => _engine.Kernel.Name;

    /// <summary>Floats of the packed filter.</summary>
    public int PackedFilterLength { get; }

    public static Conv2DBackwardData Create(Conv2DGeometry g, IsaLevel? isa = null) => Create(g, KernelSelection.Choose(GemmKernels.All, isa));

    internal static Conv2DBackwardData Create(Conv2DGeometry g, GemmKernel kernel)
    {
        var rows = new BackwardAxis(g.Rows);
        var columns = new BackwardAxis(g.Columns);
        var source = new SlidingSource(rows.Source, columns.Source, g.OC);
        PixelChunks chunks = PixelChunks.Choose(source, g.N);
        nint image = (nint)g.H * g.W * g.C;
        var phases = new List<GridPhase>();
        long packed = 0;
        foreach (int rowPhase in rows.Phases)
        {
            foreach (int columnPhase in columns.Phases)
            {
                DestinationAxis toRows = rows.Destination(rowPhase, (nint)g.W * g.C);
                DestinationAxis toColumns = columns.Destination(columnPhase, g.C);
                FilterTap[] taps =
                [
                    .. from row in rows.Taps(rowPhase)
                       from column in columns.Taps(columnPhase)
                       select new FilterTap(row.Position, column.Position, row.Tap, column.Tap),
                ];
                var phase = new GridPhase(source, chunks, taps, toRows, toColumns, image, g.GroupOC, DirectConvolution.ReductionLimit) { PackedOffset = (nint)packed };
                phases.Add(phase);
                packed += DirectConvolution.PackedFloats(kernel, g.Groups, g.GroupC, phase.Terms);
            }
        }

        GridPhase[] all = [.. phases];
        var engine = new DirectConvolution(kernel, Activation.None, source, chunks, all, image, g.Groups, g.GroupOC, g.GroupC);
        return new Conv2DBackwardData(g, engine, all, OperatorChecks.PackedLength(packed, g));
    }

    /// <summary>Bytes of workspace that <see cref="Run"/> needs with a scheduler of so many threads.</summary>
    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    /// <summary>Packs a filter [KH, KW, C/G, OC] once for many runs.</summary>
    public void PackFilter(ReadOnlySpan<float> filter, Span<float> packed)
    {
        OperatorChecks.Length("Conv2DBackwardData", "filter", filter.Length, Geometry.KH * Geometry.KW * Geometry.GroupC * Geometry.OC, Geometry);
        OperatorChecks.Length("Conv2DBackwardData", "packed filter", packed.Length, PackedFilterLength, Geometry);
        foreach (GridPhase phase in _phases)
            FilterPacking.PackBackward(Geometry, _engine.Kernel.NR, phase.Taps, filter, packed[(int)phase.PackedOffset..]);
    }

    /// <summary>Runs on <paramref name="n"/> images, at most as many as the geometry has; overwrites dx.</summary>
    public void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> dy, ReadOnlySpan<float> packedFilter, Span<float> dx, Span<byte> workspace)
    {
        Conv2DGeometry g = Geometry;
        OperatorChecks.Batch("Conv2DBackwardData", n, g.N, g);
        OperatorChecks.Length("Conv2DBackwardData", "dy", dy.Length, n * g.OH * g.OW * g.OC, g);
        OperatorChecks.Length("Conv2DBackwardData", "packed filter", packedFilter.Length, PackedFilterLength, g);
        OperatorChecks.Length("Conv2DBackwardData", "dx", dx.Length, n * g.H * g.W * g.C, g);
        OperatorChecks.Workspace("Conv2DBackwardData", workspace.Length, WorkspaceBytes(scheduler.MaxThreads), g);
        fixed (float* source = dy, packed = packedFilter, destination = dx)
        fixed (byte* space = workspace)
            _engine.Run(scheduler, n, source, packed, [], destination, space);
    }
}
