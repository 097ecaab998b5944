using System.Runtime.InteropServices;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// The gradients of a product of two matrices of which the first has a row a sample. What a run has fewer rows than it may have counts as
/// rows of zeros. Workspace: the transposed matrix, the rows of dY, then the scratch memory of what runs.
/// </summary>
internal sealed class MatrixRowsBackwardStep : BackwardStep
{
    private readonly int _rows;
    private readonly int _inner;
    private readonly int _columns;
    private readonly MatrixProductOperator _first;
    private readonly MatrixProductOperator _second;
    private readonly int _transposed;
    private readonly int _padded;

    public MatrixRowsBackwardStep(NodeShapes shapes)
    {
        (_rows, _inner, _columns) = (shapes.Output[0], shapes.Input[1], shapes.Output[1]);
        _first = MatrixProductOperator.Create([1], [0], [0], _rows, _columns, _inner);
        _second = MatrixProductOperator.Create([1], [0], [0], _inner, _rows, _columns);
        _transposed = checked((int)ArenaAlignment.RoundUp(Math.Max((long)_rows * _inner, (long)_inner * _columns)));
        _padded = checked((int)ArenaAlignment.RoundUp((long)_rows * _columns));
    }

    public override int WorkspaceBytes(int threads) => checked(((_transposed + _padded) * sizeof(float))
        + Math.Max(_first.WorkspaceBytes(threads), _second.WorkspaceBytes(threads)));

    public override void Run(in BackwardContext context)
    {
        Span<float> floats = MemoryMarshal.Cast<byte, float>(context.Workspace);
        Span<byte> scratch = context.Workspace[((_transposed + _padded) * sizeof(float))..];
        ReadOnlySpan<float> dy = context.OutputGradient;
        Span<float> da = context.InputGradient(0);
        if (!da.IsEmpty)
        {
            Span<float> transposed = floats[..(_inner * _columns)];
            MatrixTranspose.Run(_inner, _columns, context.Input(1), transposed, _inner);
            _first.Run(context.Scheduler, 1, context.N, dy, transposed, da, scratch);
        }

        Span<float> db = context.InputGradient(1);
        if (!db.IsEmpty)
        {
            Span<float> transposed = floats[..(_rows * _inner)];
            transposed.Clear();
            MatrixTranspose.Run(context.N, _inner, context.Input(0), transposed, _rows);
            Span<float> padded = floats.Slice(_transposed, _rows * _columns);
            padded.Clear();
            dy.CopyTo(padded);
            _second.Run(context.Scheduler, 1, _inner, transposed, padded, db, scratch);
        }
    }
}
