using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradient of a <see cref="StreamedDense"/> by its input, dx = dy·Wᵀ, computed as its transpose: rows of the tiles are rows of W,
/// where they lie, and lanes are samples. A few rows of it at a time turn into columns of dx. Every output is one chain of multiply-adds in
/// the order of the terms, the bits of <see cref="DirectConvolution"/>. Immutable and thread-safe; <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class StreamedDenseGradient
{
    private const string Who = "DenseBackwardData";
    private const int RowsAtOnce = 96;

    private readonly Conv2DGeometry _geometry;
    private readonly PanelPlan _plan;
    private readonly int _termsAtOnce;
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly AlignedBuffer<nint> _outputOffsets;
    private readonly nint _zeroFloats;
    private readonly nint _packedFloats;
    private readonly nint _sumFloats;
    private readonly nint _copyFloats;

    /// <summary>Plans a gradient.</summary>
    /// <param name="geometry">A layer that <see cref="StreamedDense.Serves"/>.</param>
    /// <param name="plan">The panels of its samples.</param>
    public StreamedDenseGradient(Conv2DGeometry geometry, PanelPlan plan)
    {
        (_geometry, _plan) = (geometry, plan);
        _termsAtOnce = Math.Min(geometry.OC, PanelPlan.ReductionLimit);
        _rowOffsets = new AlignedBuffer<nint>(RowsAtOnce);
        _outputOffsets = new AlignedBuffer<nint>(RowsAtOnce);
        for (int row = 0; row < RowsAtOnce; row++)
        {
            _rowOffsets.Span[row] = (nint)row * geometry.OC;
            _outputOffsets.Span[row] = (nint)row * geometry.N;
        }

        foreach (GemmPanel panel in plan.Panels)
            _zeroFloats = Math.Max(_zeroFloats, WorkspaceLayout.AlignFloats(panel.Kernel.NR));
        _packedFloats = WorkspaceLayout.AlignFloats(checked((nint)geometry.OC * plan.PackedColumns));
        _sumFloats = WorkspaceLayout.AlignFloats((nint)RowsAtOnce * geometry.N);
        _copyFloats = WorkspaceLayout.AlignFloats((nint)RowsAtOnce * _termsAtOnce);
    }

    /// <summary>The tile of the widest panels.</summary>
    public string KernelName => _plan.Panels[0].Kernel.Name;

    /// <summary>Chooses the tiles.</summary>
    /// <param name="g">A layer that <see cref="StreamedDense.Serves"/>.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static StreamedDenseGradient Create(Conv2DGeometry g, IsaLevel? isa = null) =>
        new(g, PanelPlan.Choose(GemmKernels.Of(GemmKernels.All, isa), g.N, g.C, g.OC, 1));

    /// <summary>Bytes of workspace for a number of threads.</summary>
    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(_zeroFloats + _packedFloats, _sumFloats + _copyFloats, threads);

    /// <summary>Runs on <paramref name="n"/> rows, at most as many as the geometry has; overwrites dx.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="n">Rows.</param>
    /// <param name="dy">The gradient by the output [n, OC].</param>
    /// <param name="weights">The weights [IC, OC].</param>
    /// <param name="dx">The gradient by the input [n, IC].</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> dy, ReadOnlySpan<float> weights, Span<float> dx, Span<byte> workspace)
    {
        Conv2DGeometry g = _geometry;
        OperatorChecks.Batch(Who, n, g.N, g);
        OperatorChecks.Length(Who, "dy", dy.Length, n * g.OC, g);
        OperatorChecks.Length(Who, "filter", weights.Length, g.C * g.OC, g);
        OperatorChecks.Length(Who, "dx", dx.Length, n * g.C, g);
        OperatorChecks.Workspace(Who, workspace.Length, WorkspaceBytes(s.MaxThreads), g);
        fixed (float* from = dy, w = weights, to = dx)
        fixed (byte* scratch = workspace)
        {
            float* shared = WorkspaceLayout.Align(scratch);
            NativeMemory.Clear(shared, (nuint)_zeroFloats * sizeof(float));
            Pack(from, n, shared + _zeroFloats);
            s.Run((g.C + RowsAtOnce - 1) / RowsAtOnce, (long)g.C * g.OC * n, new PartAction(this, n, w, to, shared));
        }

        GC.KeepAlive(this);
    }

    // Blocks of terms one after the other, in each the panels of samples.
    private void Pack(float* dy, int n, float* packed)
    {
        for (int term = 0; term < _geometry.OC; term += _termsAtOnce)
        {
            int terms = Math.Min(_termsAtOnce, _geometry.OC - term);
            foreach (GemmPanel panel in _plan.Panels)
            {
                int columns = Math.Min(panel.Columns, n - panel.Column);
                if (columns <= 0)
                    break;
                FilterPacking.TransposeBlock(dy + ((nint)panel.Column * _geometry.OC) + term, _geometry.OC, columns, terms, packed,
                    panel.Kernel.NR, keepsDenormals: true);
                packed += (nint)terms * panel.Kernel.NR;
            }
        }
    }

    private void RunRows(int first, int n, float* weights, float* dx, float* shared, float* sums)
    {
        int rows = Math.Min(RowsAtOnce, _geometry.C - first);
        float* packed = shared + _zeroFloats;
        GemmTile tile;
        tile.Rows = rows;
        tile.OutputOffsets = _outputOffsets.Pointer;
        tile.RunCount = 1;
        tile.Residual = null;
        nint* copyOffsets = stackalloc nint[RowsAtOnce];
        for (int term = 0; term < _geometry.OC; term += _termsAtOnce)
        {
            int terms = Math.Min(_termsAtOnce, _geometry.OC - term);
            var stretch = new GemmRun(0, terms);
            tile.Runs = &stretch;
            tile.Bias = term == 0 ? shared : null;
            var block = new WeightBlock(weights + ((nint)first * _geometry.OC) + term, _geometry.OC, rows, terms, sums + _sumFloats);
            tile.A = block.First;
            tile.RowOffsets = _rowOffsets.Pointer;
            if (block.Pitch != _geometry.OC)
            {
                for (int row = 0; row < rows; row++)
                    copyOffsets[row] = row * block.Pitch;
                tile.RowOffsets = copyOffsets;
            }

            foreach (GemmPanel panel in _plan.Panels)
            {
                tile.Columns = Math.Min(panel.Columns, n - panel.Column);
                if (tile.Columns <= 0)
                    break;
                tile.B = packed;
                tile.C = sums + panel.Column;
                panel.Kernel.Run(&tile);
                packed += (nint)terms * panel.Kernel.NR;
            }
        }

        PlanarCopy.ToPlanes(sums, _geometry.N, rows, n, dx + first, _geometry.C);
    }

    private readonly struct PartAction(StreamedDenseGradient engine, int rows, float* weights, float* dx, float* shared) : IRangeAction
    {
        private readonly float* _weights = weights;
        private readonly float* _dx = dx;
        private readonly float* _shared = shared;

        public void Invoke(int index, int worker) => engine.RunRows(index * RowsAtOnce, rows, _weights, _dx, _shared,
            _shared + engine._zeroFloats + engine._packedFloats + (worker * (engine._sumFloats + engine._copyFloats)));
    }
}
