using System.Runtime.InteropServices;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// The gradients of products of matrices: dA = dY·Bᵀ and dB = Aᵀ·dY, products again; of matrices that are repeated, the sum.
/// Workspace: the transposed matrices, products of repeated ones, then the scratch memory of what runs.
/// </summary>
internal sealed class MatrixProductBackwardStep : BackwardStep
{
    private readonly int _rows;
    private readonly int _inner;
    private readonly int _columns;
    private readonly Side _first;
    private readonly Side _second;
    private readonly int _transposed;
    private readonly int _products;

    /// <summary>Creates the step.</summary>
    /// <param name="shapes">What it is created for, of at least three dimensions.</param>
    /// <param name="a">Elements from a matrix of the first input to the next, in every dimension before the last two.</param>
    /// <param name="b">The same of the second input.</param>
    public MatrixProductBackwardStep(NodeShapes shapes, long[] a, long[] b)
    {
        ReadOnlySpan<int> y = shapes.Output.Dimensions;
        (_rows, _inner, _columns) = (y[^2], shapes.Input.Dimensions[^1], y[^1]);
        int[] counts = [.. y[..^2]];
        long[] dy = StridedCopyStep.StridesOf(shapes.Output)[..^2];
        _first = new Side(counts, dy, b, a, new Shape(_rows, _columns), _inner);
        _second = new Side(counts, a, dy, b, new Shape(_inner, _rows), _columns);
        _transposed = Aligned(Math.Max(shapes.Inputs[0].ElementCount, shapes.Inputs[1].ElementCount));
        _products = Aligned(Math.Max(_first.RepeatedLength, _second.RepeatedLength));
    }

    public override int WorkspaceBytes(int threads) => checked(((_transposed + _products) * sizeof(float))
        + Math.Max(BroadcastGradient.WorkspaceBytes(threads), Math.Max(_first.WorkspaceBytes(threads), _second.WorkspaceBytes(threads))));

    public override void Run(in BackwardContext context)
    {
        Span<float> floats = MemoryMarshal.Cast<byte, float>(context.Workspace);
        Span<float> products = floats.Slice(_transposed, _products);
        Span<byte> scratch = context.Workspace[((_transposed + _products) * sizeof(float))..];
        ReadOnlySpan<float> dy = context.OutputGradient;
        Span<float> da = context.InputGradient(0);
        if (!da.IsEmpty)
        {
            ReadOnlySpan<float> b = context.Input(1);
            Transpose(_inner, _columns, b, floats[..b.Length]);
            _first.Run(context.Scheduler, context.N, dy, floats[..b.Length], da, products, scratch);
        }

        Span<float> db = context.InputGradient(1);
        if (!db.IsEmpty)
        {
            ReadOnlySpan<float> a = context.Input(0);
            Transpose(_rows, _inner, a, floats[..a.Length]);
            _second.Run(context.Scheduler, context.N, floats[..a.Length], dy, db, products, scratch);
        }
    }

    private static int Aligned(int floats) => checked((int)ArenaAlignment.RoundUp(floats));

    private static void Transpose(int rows, int columns, ReadOnlySpan<float> x, Span<float> y)
    {
        int matrix = rows * columns;
        for (int start = 0; start < x.Length; start += matrix)
            MatrixTranspose.Run(rows, columns, x.Slice(start, matrix), y.Slice(start, matrix), rows);
    }

    // The products that are the gradient of one input.
    private sealed class Side
    {
        private readonly MatrixProductOperator _operator;
        private readonly BroadcastGradient? _sum;
        private readonly int _rows;
        private readonly int _sample;

        public Side(int[] counts, long[] a, long[] b, long[] own, Shape left, int columns)
        {
            _rows = left[0];
            _operator = MatrixProductOperator.Create(counts, a, b, _rows, left[1], columns);
            var product = new Shape([.. counts, _rows, columns]);
            _sample = product.ElementCount / counts[0];
            if (!counts.Where((count, i) => count > 1 && own[i] == 0).Any())
                return;
            RepeatedLength = product.ElementCount;
            long[] none = new long[product.Rank];
            _sum = new BroadcastGradient(product, StridedCopyStep.StridesOf(product), [.. own.Take(counts.Length), columns, 1], none, none);
        }

        public int RepeatedLength { get; }

        public int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

        public void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> gradient,
            Span<float> products, Span<byte> scratch)
        {
            if (_sum is null)
            {
                _operator.Run(scheduler, n, _rows, a, b, gradient, scratch);
                return;
            }

            products = products[..(n * _sample)];
            _operator.Run(scheduler, n, _rows, a, b, products, scratch);
            _sum.Run<CopyRow>(scheduler, n, new WorkSpans { A = products, Result = gradient, Scratch = scratch });
        }
    }
}
