using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Products of matrices that are both known only at a run: Y[i] = A[i]·B[i], the matrices of A and B at distances of 0 where they
/// repeat. B is packed panel by panel into the workspace, once for each part of the rows, or read where it lies when A has few rows.
/// Every output is one chain of multiply-adds in the order of the terms, so that neither parts nor threads change its bits. Immutable
/// and thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class MatrixProductOperator
{
    /// <summary>Up to as many rows, packing B would cost more than it gains.</summary>
    public const int FewRows = 8;

    private const string Who = "MatrixProduct";
    private const int BlockRows = 192;
    private const int LeastRows = 96;
    private const int Parts = 64;

    private readonly PanelPlan _plan;
    private readonly int[] _counts;
    private readonly long[] _a;
    private readonly long[] _b;
    private readonly int _inner;
    private readonly int _columns;
    private readonly bool _inPlace;
    private readonly nint _width;
    private readonly nint _panelFloats;
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly AlignedBuffer<nint> _outputOffsets;

    /// <summary>Creates the operator.</summary>
    /// <param name="plan">The cut of the columns.</param>
    /// <param name="counts">How many matrices there are, in every dimension before the last two; the first is given at a run.</param>
    /// <param name="a">Floats from a matrix of A to the next, in each of these dimensions.</param>
    /// <param name="b">Floats from a matrix of B to the next, in each of these dimensions.</param>
    /// <param name="inner">Columns of A and rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    public MatrixProductOperator(PanelPlan plan, ReadOnlySpan<int> counts, ReadOnlySpan<long> a, ReadOnlySpan<long> b, int inner,
        int columns)
    {
        OperatorChecks.Matrix(Who, inner, columns);
        (_plan, _counts, _a, _b, _inner, _columns) = (plan, counts.ToArray(), a.ToArray(), b.ToArray(), inner, columns);
        _inPlace = plan.Panels[0].Kernel.LanesArePixels;
        foreach (GemmPanel panel in plan.Panels)
            _width = Math.Max(_width, panel.Kernel.NR);
        _panelFloats = WorkspaceLayout.AlignFloats(Math.Min(inner, PanelPlan.ReductionLimit) * _width);
        _rowOffsets = new AlignedBuffer<nint>(BlockRows);
        _outputOffsets = new AlignedBuffer<nint>(BlockRows);
        for (int row = 0; row < BlockRows; row++)
        {
            _rowOffsets.Span[row] = (nint)row * inner;
            _outputOffsets.Span[row] = (nint)row * columns;
        }
    }

    /// <summary>The tile of the widest panels.</summary>
    public string KernelName => _plan.Panels[0].Kernel.Name;

    /// <summary>Chooses the tiles.</summary>
    /// <param name="counts">How many matrices there are, in every dimension before the last two; the first is given at a run.</param>
    /// <param name="a">Floats from a matrix of A to the next, in each of these dimensions.</param>
    /// <param name="b">Floats from a matrix of B to the next, in each of these dimensions.</param>
    /// <param name="rows">Rows of A, as many as there may be.</param>
    /// <param name="inner">Columns of A and rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static MatrixProductOperator Create(ReadOnlySpan<int> counts, ReadOnlySpan<long> a, ReadOnlySpan<long> b, int rows, int inner,
        int columns, IsaLevel? isa = null)
    {
        OperatorChecks.Matrix(Who, rows, columns);
        IReadOnlyList<GemmKernel> kernels = GemmKernels.Of(rows <= FewRows ? GemmKernels.Planar : GemmKernels.All, isa);
        return new MatrixProductOperator(PanelPlan.Choose(kernels, columns, rows, inner, 1), counts, a, b, inner, columns);
    }

    /// <summary>Bytes of workspace for a number of threads.</summary>
    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(ZeroFloats, _panelFloats, threads);

    private nint ZeroFloats => WorkspaceLayout.AlignFloats(Math.Max(_width, BlockRows));

    /// <summary>Computes the products.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="first">Matrices in the first of the dimensions before the last two.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="a">The matrices of A.</param>
    /// <param name="b">The matrices of B.</param>
    /// <param name="y">Receives the products, one after the other; not a or b.</param>
    /// <param name="workspace">Scratch memory.</param>
    public void Run(IWorkScheduler s, int first, int rows, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y,
        Span<byte> workspace)
    {
        OperatorChecks.Matrix(Who, first, rows);
        long products = first;
        long lastA = (first - 1L) * _a[0], lastB = (first - 1L) * _b[0];
        for (int i = 1; i < _counts.Length; i++)
        {
            products *= _counts[i];
            lastA += (_counts[i] - 1L) * _a[i];
            lastB += (_counts[i] - 1L) * _b[i];
        }

        OperatorChecks.Length(Who, "a", a.Length, lastA + ((long)rows * _inner));
        OperatorChecks.Length(Who, "b", b.Length, lastB + ((long)_inner * _columns));
        OperatorChecks.Length(Who, "y", y.Length, products * rows * _columns);
        OperatorChecks.Workspace(Who, workspace.Length, WorkspaceBytes(s.MaxThreads), KernelName);
        fixed (float* pa = a, pb = b, py = y)
        fixed (byte* scratch = workspace)
        {
            float* zeros = WorkspaceLayout.Align(scratch);
            NativeMemory.Clear(zeros, (nuint)ZeroFloats * sizeof(float));
            long pieces = products * _plan.Panels.Length;
            int cuts = (int)Math.Clamp((Parts + pieces - 1) / pieces, 1, s.MaxThreads == 1 ? 1 : Math.Max(1, rows / LeastRows));
            var run = new Operands(pa, pb, py, zeros, rows, cuts, pieces * cuts);
            int parts = (int)Math.Min(run.Pieces, Parts);
            s.Run(parts, products * rows * _inner * _columns, new PartAction(this, parts, run));
        }

        GC.KeepAlive(this);
    }

    private void RunPiece(long piece, in Operands run, float* packed)
    {
        GemmPanel panel = _plan.Panels[(int)(piece % _plan.Panels.Length)];
        piece /= _plan.Panels.Length;
        int cut = (int)(piece % run.Cuts);
        long product = piece / run.Cuts;
        float* y = run.Y + (product * run.Rows * _columns);
        float* a = run.A, b = run.B + panel.Column;
        for (int i = _counts.Length - 1; i > 0; i--)
        {
            a += product % _counts[i] * _a[i];
            b += product % _counts[i] * _b[i];
            product /= _counts[i];
        }

        a += product * _a[0];
        b += product * _b[0];
        int firstRow = (int)((long)run.Rows * cut / run.Cuts);
        int endRow = (int)((long)run.Rows * (cut + 1) / run.Cuts);

        // Whole panels only: a tile reads all columns of its panel.
        bool inPlace = _inPlace && panel.Columns == panel.Kernel.NR;
        GemmTile tile;
        tile.RowOffsets = _rowOffsets.Pointer;
        tile.OutputOffsets = _outputOffsets.Pointer;
        tile.Columns = panel.Columns;
        tile.Residual = null;
        for (int term = 0; term < _inner; term += PanelPlan.ReductionLimit)
        {
            int terms = Math.Min(_inner - term, PanelPlan.ReductionLimit);
            var stretch = new GemmRun(0, terms);
            tile.Runs = &stretch;
            tile.RunCount = 1;
            tile.Bias = term == 0 ? run.Zeros : null;
            tile.B = b + ((nint)term * _columns);
            tile.Step = _columns;
            if (!inPlace)
            {
                Pack(tile.B, terms, panel, packed);
                tile.B = packed;
                tile.Step = panel.Kernel.NR;
            }

            for (nint row = firstRow; row < endRow; row += BlockRows)
            {
                tile.Rows = Math.Min(BlockRows, endRow - row);
                tile.A = a + (row * _inner) + term;
                tile.C = y + (row * _columns) + panel.Column;
                panel.Kernel.Run(&tile);
            }
        }
    }

    // Missing columns are zero.
    private void Pack(float* b, int terms, in GemmPanel panel, float* packed)
    {
        int nr = panel.Kernel.NR;
        for (int term = 0; term < terms; term++, b += _columns, packed += nr)
        {
            new ReadOnlySpan<float>(b, panel.Columns).CopyTo(new Span<float>(packed, nr));
            if (panel.Columns < nr)
                new Span<float>(packed + panel.Columns, nr - panel.Columns).Clear();
        }
    }

    // What a run works on: its matrices, zeros to start from, and how many pieces (a panel of columns of a part of the rows) there are.
    private readonly struct Operands(float* a, float* b, float* y, float* zeros, int rows, int cuts, long pieces)
    {
        public readonly float* A = a;
        public readonly float* B = b;
        public readonly float* Y = y;
        public readonly float* Zeros = zeros;
        public readonly int Rows = rows;
        public readonly int Cuts = cuts;
        public readonly long Pieces = pieces;
    }

    private readonly struct PartAction(MatrixProductOperator engine, int parts, Operands run) : IRangeAction
    {
        private readonly Operands _run = run;

        public void Invoke(int index, int worker)
        {
            float* packed = _run.Zeros + engine.ZeroFloats + (worker * engine._panelFloats);
            long end = _run.Pieces * (index + 1) / parts;
            for (long piece = _run.Pieces * index / parts; piece < end; piece++)
                engine.RunPiece(piece, _run, packed);
        }
    }
}
