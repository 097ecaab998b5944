using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds products of matrices on every GEMM tile against the reference: sizes of 1 and around the ends of tiles, reductions of more than
/// one block, matrices that repeat, inputs that end at a page without access, outputs that start as NaN.
/// </summary>
public sealed class MatrixProductSweep : IKernelSweep
{
    private static readonly (int Rows, int Inner, int Columns)[] QuickSizes =
        [(1, 1, 1), (1, 7, 33), (3, 1, 17), (5, 3, 1), (8, 19, 64), (9, 33, 31), (13, 16, 65), (49, 32, 49), (193, 5, 15), (2, 513, 130),
            (25, 1100, 9)];

    private static readonly (int Rows, int Inner, int Columns)[] MoreSizes =
        [(1, 1, 129), (1, 1030, 1), (4, 64, 16), (6, 2, 48), (7, 31, 96), (12, 12, 12), (12, 512, 128), (17, 65, 63), (24, 40, 257),
            (64, 64, 64), (100, 1, 100), (385, 24, 34), (300, 600, 7)];

    private readonly IReadOnlyList<GemmKernel> _kernels;

    /// <summary>Sweeps the kernels of the library.</summary>
    public MatrixProductSweep()
        : this([.. GemmKernels.All, .. GemmKernels.Planar])
    {
    }

    internal MatrixProductSweep(IReadOnlyList<GemmKernel> kernels) => _kernels = kernels;

    /// <inheritdoc/>
    public string Family => "Matrix product";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (GemmKernel kernel in _kernels.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            var tally = new KernelTally(Family, kernel.Name, kernel.Isa);
            foreach ((int rows, int inner, int columns) in depth == SweepDepth.Quick ? QuickSizes : [.. QuickSizes, .. MoreSizes])
            {
                cancellationToken.ThrowIfCancellationRequested();
                Check(tally, kernel, rows, inner, columns, repeatsA: false, repeatsB: rows % 2 == 0);
                Check(tally, kernel, rows, inner, columns, repeatsA: true, repeatsB: false);
            }

            yield return tally.ToReport();
        }
    }

    // Two times three products; matrices repeat in the second dimension.
    private static void Check(KernelTally tally, GemmKernel kernel, int rows, int inner, int columns, bool repeatsA, bool repeatsB)
    {
        const int First = 2, Second = 3;
        (int sizeA, int sizeB, int size) = (rows * inner, inner * columns, rows * columns);
        (int countA, int countB) = (repeatsA ? 1 : Second, repeatsB ? 1 : Second);
        GuardSide side = columns % 2 == 0 ? GuardSide.Before : GuardSide.After;
        using var a = new GuardedBuffer<float>(SeededData.Uniform(First * countA * sizeA, rows + inner), side);
        using var b = new GuardedBuffer<float>(SeededData.Uniform(First * countB * sizeB, columns + inner), side);
        using var y = new GuardedBuffer<float>(First * Second * size, side);
        var op = new MatrixProductOperator(
            PanelPlan.Of(kernel, columns),
            [First, Second],
            [countA * sizeA, repeatsA ? 0 : sizeA],
            [countB * sizeB, repeatsB ? 0 : sizeB],
            inner,
            columns);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1));
        y.Fill(float.NaN);
        workspace.Fill(0xFF);
        op.Run(SerialScheduler.Instance, First, rows, a.Span, b.Span, y.Span, workspace.Span);
        string name = $"{rows}×{inner}×{columns}, A repeats {repeatsA}, B repeats {repeatsB}";
        if (!y.SlackIsIntact || !workspace.SlackIsIntact)
        {
            tally.Fail(name, "wrote outside its output or workspace");
            return;
        }

        var expected = new double[size];
        var magnitude = new double[size];
        for (int i = 0; i < First * Second; i++)
        {
            double[] left = SeededData.ToDouble(a.Span.Slice(((i / Second * countA) + (i % Second % countA)) * sizeA, sizeA).ToArray());
            double[] right = SeededData.ToDouble(b.Span.Slice(((i / Second * countB) + (i % Second % countB)) * sizeB, sizeB).ToArray());
            ReferenceDense.Forward(rows, inner, columns, left, right, [], expected);
            ReferenceDense.Forward(rows, inner, columns, Array.ConvertAll(left, Math.Abs), Array.ConvertAll(right, Math.Abs), [],
                magnitude);
            tally.Add($"{name}, product {i}", ErrorBound.Measure(y.Span.Slice(i * size, size), expected, magnitude, inner));
        }
    }
}
