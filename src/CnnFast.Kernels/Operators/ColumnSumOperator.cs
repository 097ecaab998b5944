using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The sums of the columns of a row-major matrix. Rows are summed in blocks of a fixed number of rows, then the blocks' sums in order:
/// the bits depend on neither threads nor vector width. Immutable and thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class ColumnSumOperator
{
    private const int RowsPerBlock = 512;

    private readonly ReduceKernels _kernels;

    private ColumnSumOperator(ReduceKernels kernels) => _kernels = kernels;

    /// <summary>The chosen kernel.</summary>
    public string KernelName => $"F32ColumnSum{_kernels.Isa}";

    /// <summary>Chooses the kernel.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ColumnSumOperator Create(IsaLevel? isa = null) => new(KernelSelection.Choose(ReduceKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static ColumnSumOperator Create(ReduceKernels kernels) => new(kernels);

    /// <summary>Floats of workspace that a run over so many rows and columns needs.</summary>
    public static int WorkspaceLength(int rows, int columns) => rows <= RowsPerBlock ? 0 : checked(Blocks(rows) * columns);

    /// <summary>From <c>x [rows, columns]</c> to <c>y [columns]</c>.</summary>
    /// <exception cref="ShapeException">A size is below 1 or a length does not fit.</exception>
    public void Run(IWorkScheduler s, int rows, int columns, ReadOnlySpan<float> x, Span<float> y, Span<float> workspace)
    {
        OperatorChecks.Matrix("ColumnSum", rows, columns);
        OperatorChecks.Length("ColumnSum", "x", x.Length, (long)rows * columns);
        OperatorChecks.Length("ColumnSum", "y", y.Length, columns);
        if (workspace.Length < WorkspaceLength(rows, columns))
            throw new ShapeException($"ColumnSum: workspace has {workspace.Length} elements, needs {WorkspaceLength(rows, columns)}.");
        int blocks = Blocks(rows);
        fixed (float* px = x, py = y, partial = workspace)
        {
            s.Run(blocks, (long)rows * columns * 8, new BlockAction(_kernels.ColumnSum, px, blocks == 1 ? py : partial, rows, columns));
            if (blocks > 1)
                _kernels.ColumnSum(partial, py, blocks, columns);
        }
    }

    private static int Blocks(int rows) => (int)(((long)rows + RowsPerBlock - 1) / RowsPerBlock);

    private readonly struct BlockAction(delegate*<float*, float*, nint, nint, void> kernel, float* x, float* sums, int rows, int columns) : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _sums = sums;

        public void Invoke(int index, int worker)
        {
            int first = index * RowsPerBlock;
            _kernel(_x + ((nint)first * columns), _sums + ((nint)index * columns), Math.Min(RowsPerBlock, rows - first), columns);
        }
    }
}
