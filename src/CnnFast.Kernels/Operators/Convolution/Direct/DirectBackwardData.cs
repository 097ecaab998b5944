using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The data gradient by the tiles of the forward pass, with the filter flipped and transposed. With stride s the input pixels fall into s² residues
/// that see different taps: each is a phase of its own, so no zeros are multiplied.
/// </summary>
internal sealed unsafe class DirectBackwardData : IConvolutionEngine
{
    private readonly Conv2DGeometry _geometry;
    private readonly PanelPlan _plan;
    private readonly DirectConvolution _engine;
    private readonly GridPhase[] _phases;

    public DirectBackwardData(Conv2DGeometry g, PanelPlan plan, Epilogue epilogue)
    {
        _geometry = g;
        _plan = plan;
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
                var phase = new GridPhase(source, chunks, taps, toRows, toColumns, image, g.GroupOC, PanelPlan.ReductionLimit) { PackedOffset = (nint)packed };
                phases.Add(phase);
                packed += (long)phase.Terms * g.Groups * plan.PackedColumns;
            }
        }

        _phases = [.. phases];
        _engine = new DirectConvolution(plan, epilogue, source, chunks, _phases, image, g.Groups, g.GroupOC, g.GroupC);
        PackedFilterLength = OperatorChecks.PackedLength(packed, g);
    }

    public string KernelName => _engine.KernelName;

    public int PackedFilterLength { get; }

    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed)
    {
        foreach (GridPhase phase in _phases)
            FilterPacking.PackBackward(_geometry, _plan, phase.Taps, filter, packed[(int)phase.PackedOffset..]);
    }

    public void Run(IWorkScheduler scheduler, int batch, float* source, float* packed, ReadOnlySpan<float> bias, float* residual, float* destination, byte* workspace) =>
        _engine.Run(scheduler, batch, source, packed, bias, residual, destination, workspace);
}
