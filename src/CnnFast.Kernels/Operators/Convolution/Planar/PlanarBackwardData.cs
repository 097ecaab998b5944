using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>The data gradient on planes of dy: for few input channels. Phases as in <see cref="DirectBackwardData"/>.</summary>
internal sealed unsafe class PlanarBackwardData : IConvolutionEngine
{
    private readonly Conv2DGeometry _geometry;
    private readonly PlanarPhase[] _phases;
    private readonly PlanarConvolution _engine;

    public PlanarBackwardData(Conv2DGeometry g, IReadOnlyList<GemmKernel> kernels, Epilogue epilogue)
    {
        _geometry = g;
        var rows = new BackwardAxis(g.Rows);
        var columns = new BackwardAxis(g.Columns);
        var source = new SlidingSource(rows.Source, columns.Source, g.OC);
        var phases = new List<PlanarPhase>();
        long packed = 0;
        foreach (int rowPhase in rows.Phases)
        {
            foreach (int columnPhase in columns.Phases)
            {
                FilterTap[] taps =
                [
                    .. from row in rows.Taps(rowPhase)
                       from column in columns.Taps(columnPhase)
                       select new FilterTap(row.Position, column.Position, row.Tap, column.Tap),
                ];
                var phase = new PlanarPhase(taps, rows.Destination(rowPhase, (nint)g.W * g.C), columns.Destination(columnPhase, g.C), g.GroupOC, PlanarConvolution.Width(source), (nint)packed);
                phases.Add(phase);
                packed += (long)phase.Terms * g.C;
            }
        }

        _phases = [.. phases];
        _engine = new PlanarConvolution(kernels, epilogue, source, _phases, g.N, (nint)g.H * g.W * g.C, g.Groups, g.GroupOC, g.GroupC);
        PackedFilterLength = OperatorChecks.PackedLength(packed, g);
    }

    /// <summary>What the batch costs by the model.</summary>
    public double Cycles => _engine.Cycles * _geometry.N;

    public string KernelName => _engine.KernelName;

    public int PackedFilterLength { get; }

    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed)
    {
        Conv2DGeometry g = _geometry;
        int at = 0;
        foreach (PlanarPhase phase in _phases)
        {
            for (int channel = 0; channel < g.C; channel++)
            {
                int first = channel / g.GroupC * g.GroupOC;
                (int from, int end) = filter.Among(first, g.GroupOC);
                foreach (FilterTap tap in phase.Taps)
                {
                    int row = (((tap.KH * g.KW) + tap.KW) * g.GroupC) + (channel % g.GroupC);
                    if (from < end)
                        filter.Row(row, from, end).CopyTo(packed[(at + from - first)..]);
                    at += g.GroupOC;
                }
            }
        }
    }

    public void Run(IWorkScheduler scheduler, int batch, float* source, float* packed, ReadOnlySpan<float> bias, float* residual, float* destination, byte* workspace) =>
        _engine.Run(scheduler, batch, source, packed, bias, residual, destination, workspace);
}
