using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// A dense layer on weights that change from run to run: tiles whose lanes are columns read them where they lie, block by block. Of weights
/// below 2⁻¹²⁶ the zeros of their sign are taken. Every output is one chain of multiply-adds in the order of the terms, the bits of
/// <see cref="DirectConvolution"/> on packed weights. Immutable and thread-safe; <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class StreamedDense
{
    private const string Who = "Dense";

    // Of more rows each part would read all weights again.
    private const int MostRows = 192;
    private const int LeastTerms = 128;
    private const int Parts = 64;

    private static readonly int s_blockFloats = Machine.Current.CoreCacheBytes / 4 / sizeof(float);

    private readonly ConvolutionPass _pass;
    private readonly PanelPlan _plan;
    private readonly Epilogue _epilogue;
    private readonly BlockActivation _activation;
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly AlignedBuffer<nint> _outputOffsets;
    private readonly int _terms;
    private readonly int _columnsAtOnce;
    private readonly nint _tailFloats;
    private readonly nint _copyFloats;

    /// <summary>Plans a layer.</summary>
    /// <param name="pass">The forward pass of a layer that <see cref="Serves"/>.</param>
    /// <param name="plan">The panels of its columns, of tiles whose lanes are pixels.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    public StreamedDense(ConvolutionPass pass, PanelPlan plan, Epilogue epilogue)
    {
        (_pass, _plan, _epilogue) = (pass, plan, epilogue);
        _activation = new BlockActivation(epilogue, plan.Panels[0].Kernel.Isa);
        _terms = pass.GroupIn;
        int rows = pass.Geometry.N;
        _rowOffsets = new AlignedBuffer<nint>(rows);
        _outputOffsets = new AlignedBuffer<nint>(rows);
        for (int row = 0; row < rows; row++)
        {
            _rowOffsets.Span[row] = (nint)row * _terms;
            _outputOffsets.Span[row] = (nint)row * pass.Pitch;
        }

        int widest = 0;
        foreach (GemmPanel panel in plan.Panels)
            widest = Math.Max(widest, panel.Kernel.NR);
        _columnsAtOnce = Math.Max(s_blockFloats / LeastTerms, widest);
        _tailFloats = WorkspaceLayout.AlignFloats(Math.Min(_terms, PanelPlan.ReductionLimit) * widest);
        long most = Math.Max(s_blockFloats, (long)LeastTerms * _columnsAtOnce);
        _copyFloats = WorkspaceLayout.AlignFloats((nint)Math.Min(most, (long)_terms * pass.Channels));
    }

    /// <summary>The tile of the widest panels.</summary>
    public string KernelName => _plan.Panels[0].Kernel.Name;

    /// <summary>Whether a convolution is a dense layer of a batch for which packing the weights would cost more.</summary>
    public static bool Serves(Conv2DGeometry g) => g is { KH: 1, KW: 1, H: 1, W: 1, OH: 1, OW: 1, Groups: 1, N: <= MostRows };

    /// <summary>Chooses the tiles.</summary>
    /// <param name="pass">The forward pass of a layer that <see cref="Serves"/>.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static StreamedDense Create(ConvolutionPass pass, Epilogue epilogue = default, IsaLevel? isa = null) => new(pass,
        PanelPlan.Choose(GemmKernels.Of(GemmKernels.Planar, isa), pass.Channels, pass.Geometry.N, pass.GroupIn, 1), epilogue);

    /// <summary>Bytes of workspace for a number of threads.</summary>
    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(0, _tailFloats + _copyFloats, threads);

    /// <summary>Runs on <paramref name="n"/> rows, at most as many as the geometry has; overwrites the output.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="n">Rows.</param>
    /// <param name="x">The input [n, IC].</param>
    /// <param name="weights">The weights [IC, OC].</param>
    /// <param name="bias">One float a column, or empty.</param>
    /// <param name="y">The output [n, OC], from its first row's first column to its last row's last.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y,
        Span<byte> workspace)
    {
        Conv2DGeometry g = _pass.Geometry;
        OperatorChecks.Batch(Who, n, g.N, g);
        OperatorChecks.Length(Who, "input", x.Length, n * g.C, g);
        OperatorChecks.Length(Who, "filter", weights.Length, g.C * g.OC, g);
        OperatorChecks.Length(Who, "bias", bias.Length, bias.IsEmpty ? 0 : g.OC, g);
        OperatorChecks.Length(Who, "output", y.Length, ((n - 1) * _pass.Pitch) + g.OC, g);
        OperatorChecks.Workspace(Who, workspace.Length, WorkspaceBytes(s.MaxThreads), g);
        fixed (float* from = x, w = weights, start = bias, to = y)
        fixed (byte* scratch = workspace)
        {
            int parts = s.MaxThreads == 1 ? 1 : Math.Min(_plan.Panels.Length, Parts);
            var run = new Operands(n, from, w, start, to, WorkspaceLayout.Align(scratch));
            s.Run(parts, (long)_terms * g.OC * n, new PartAction(this, parts, run));
        }

        GC.KeepAlive(this);
    }

    private void RunPanels(ReadOnlySpan<GemmPanel> panels, in Operands run, float* workspace)
    {
        while (!panels.IsEmpty)
        {
            int count = 1, first = panels[0].Column;
            while (count < panels.Length && panels[count].Column + panels[count].Columns - first <= _columnsAtOnce)
                count++;
            RunTogether(panels[..count], first, panels[count - 1].Column + panels[count - 1].Columns - first, run, workspace);
            panels = panels[count..];
        }
    }

    private void RunTogether(ReadOnlySpan<GemmPanel> panels, int first, int columns, in Operands run, float* workspace)
    {
        Start(run, first, columns);
        int most = Math.Min(PanelPlan.ReductionLimit, Math.Max(LeastTerms, s_blockFloats / columns));
        nint pitch = _pass.Geometry.OC;
        GemmTile tile;
        tile.Rows = run.Rows;
        tile.RowOffsets = _rowOffsets.Pointer;
        tile.OutputOffsets = _outputOffsets.Pointer;
        tile.RunCount = 1;
        tile.Bias = null;
        tile.Residual = null;
        for (int term = 0; term < _terms; term += most)
        {
            int terms = Math.Min(most, _terms - term);
            bool isLast = term + terms == _terms;
            var stretch = new GemmRun(0, terms);
            tile.Runs = &stretch;
            tile.A = run.X + term;
            var block = new WeightBlock(run.Weights + (term * pitch) + first, pitch, terms, columns, workspace + _tailFloats);
            foreach (GemmPanel panel in panels)
            {
                int nr = panel.Kernel.NR;
                tile.B = block.First + (panel.Column - first);
                tile.Step = block.Pitch;
                if (panel.Columns < nr)
                {
                    // Tiles read all columns of a panel.
                    FilterPacking.CopyRows(tile.B, block.Pitch, workspace, nr, terms, panel.Columns, nr - panel.Columns);
                    tile.B = workspace;
                    tile.Step = nr;
                }

                tile.C = run.Y + panel.Column;
                tile.Columns = panel.Columns;
                (isLast ? panel.Kernel.For(_epilogue.InRegisters) : panel.Kernel.Run)(&tile);
                if (isLast && !_activation.IsNone)
                    _activation.Run(tile.C, tile.Rows, tile.Columns, _pass.Pitch);
            }
        }
    }

    // Sums start from what the output holds.
    private void Start(in Operands run, int first, int columns)
    {
        for (int row = 0; row < run.Rows; row++)
        {
            var y = new Span<float>(run.Y + _outputOffsets.Pointer[row] + first, columns);
            if (run.Bias is null)
                y.Clear();
            else
                new ReadOnlySpan<float>(run.Bias + first, columns).CopyTo(y);
        }
    }

    private readonly struct Operands(int rows, float* x, float* weights, float* bias, float* y, float* workspace)
    {
        public readonly int Rows = rows;
        public readonly float* X = x;
        public readonly float* Weights = weights;
        public readonly float* Bias = bias;
        public readonly float* Y = y;
        public readonly float* Workspace = workspace;
    }

    private readonly struct PartAction(StreamedDense engine, int parts, Operands run) : IRangeAction
    {
        private readonly Operands _run = run;

        public void Invoke(int index, int worker)
        {
            int panels = engine._plan.Panels.Length;
            int first = (int)((long)panels * index / parts), end = (int)((long)panels * (index + 1) / parts);
            engine.RunPanels(engine._plan.Panels[first..end], _run,
                _run.Workspace + (worker * (engine._tailFloats + engine._copyFloats)));
        }
    }
}
