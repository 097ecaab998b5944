using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Products of matrices of floats.</summary>
internal sealed class MatrixProductStep : ForwardStep
{
    private readonly MatrixProductOperator _operator;
    private readonly bool _isBatched;
    private readonly int _rows;

    /// <summary>Creates the step.</summary>
    /// <param name="shapes">What it is created for.</param>
    /// <param name="a">Elements from a matrix of the first input to the next, in every dimension before the last two.</param>
    /// <param name="b">The same of the second input.</param>
    public MatrixProductStep(NodeShapes shapes, ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        ReadOnlySpan<int> y = shapes.Output.Dimensions;
        _isBatched = y.Length > 2;
        _rows = y[^2];
        _operator = _isBatched
            ? MatrixProductOperator.Create(y[..^2], a, b, _rows, shapes.Input.Dimensions[^1], y[^1])
            : MatrixProductOperator.Create([1], [0], [0], _rows, shapes.Input.Dimensions[^1], y[^1]);
    }

    public override string KernelName => _operator.KernelName;

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

    public override void Run(in ForwardContext context)
    {
        int first = _isBatched ? context.N : 1;
        _operator.Run(context.Scheduler, first, _isBatched ? _rows : context.N, context.Input(0), context.Input(1), context.Output,
            context.Workspace);
    }
}
