using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds dense layers with weights of 16 bits of every tier against the reference on the rounded weights: rows and columns beside the sizes
/// of tiles and panels, with bias, residual and a pitch.
/// </summary>
public sealed unsafe class BFloat16Sweep : IKernelSweep
{
    private readonly IReadOnlyList<BFloat16Kernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public BFloat16Sweep()
        : this(BFloat16Kernels.All)
    {
    }

    internal BFloat16Sweep(IReadOnlyList<BFloat16Kernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "DenseBFloat16";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        int[] rows = depth == SweepDepth.Quick ? [1, 5] : [1, 2, 3, 4, 5, 8, 11];
        int[] columns = depth == SweepDepth.Quick ? [1, 65, 130] : [1, 2, 7, 8, 9, 16, 31, 32, 33, 63, 64, 65, 127, 128, 129, 300];
        int[] terms = depth == SweepDepth.Quick ? [1, 40] : [1, 2, 17, 40, 515];
        foreach (BFloat16Kernels set in _sets.Where(set => CpuInfo.IsSupported(set.Isa)))
        {
            var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(set.Operations[0]), set.Isa);
            foreach ((int r, int c, int t) in from r in rows from c in columns from t in terms select (r, c, t))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Check(tally, set, r, c, t, options: (r + c + t) % 4);
            }

            yield return tally.ToReport();
        }
    }

    private static void Check(KernelTally tally, BFloat16Kernels set, int rows, int columns, int terms, int options)
    {
        (bool hasBias, bool hasResidual) = (options != 1, options >= 2);
        int pitch = options == 3 ? columns + 3 : columns;
        string name = $"{rows} rows, {columns} columns, {terms} terms{(hasResidual ? ", residual" : "")}, pitch {pitch}";
        GuardSide side = columns % 2 == 0 ? GuardSide.After : GuardSide.Before;
        float[] x = SeededData.Uniform(rows * terms, terms), w = SeededData.Uniform(terms * columns, columns);
        float[] b = SeededData.Uniform(columns, rows + 1), r = SeededData.Uniform(((rows - 1) * pitch) + columns, rows + 2);
        var pass = ConvolutionPass.Forward(
            Conv2DGeometry.Create(Shape.Nhwc(rows, 1, 1, terms), new FilterShape(1, 1, terms, columns)), pitch);
        var op = new Conv2DOperator(pass, new BFloat16Dense(pass, set, default));
        using var input = new GuardedBuffer<float>(x, side);
        using var packed = new GuardedBuffer<float>(op.PackedFilterLength, side);
        using var bias = new GuardedBuffer<float>(hasBias ? b : [], side);
        using var residual = new GuardedBuffer<float>(hasResidual ? r : [], side);
        using var y = new GuardedBuffer<float>(r.Length, side);
        packed.Fill(float.NaN);
        y.Fill(float.NaN);
        op.PackFilter(w, packed.Span);
        op.Run(SerialScheduler.Instance, rows, input.Span, packed.Span, bias.Span, y.Span, [], residual.Span);
        double[] expected = new double[rows * columns], magnitudes = new double[expected.Length];
        var got = new float[expected.Length];
        bool isIntact = y.SlackIsIntact && packed.SlackIsIntact;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = (hasBias ? b[j] : 0) + (hasResidual ? (double)r[(i * pitch) + j] : 0), magnitude = Math.Abs(sum);
                for (int k = 0; k < terms; k++)
                {
                    double term = (double)x[(i * terms) + k] * Widened(w[(k * columns) + j]);
                    sum += term;
                    magnitude += Math.Abs(term);
                }

                (expected[(i * columns) + j], magnitudes[(i * columns) + j]) = (sum, magnitude);
                got[(i * columns) + j] = y.Span[(i * pitch) + j];
            }

            for (int j = columns; i < rows - 1 && j < pitch; j++)
                isIntact &= float.IsNaN(y.Span[(i * pitch) + j]);
        }

        if (isIntact)
            tally.Add(name, ErrorBound.Measure(got, expected, magnitudes, terms + 2));
        else
            tally.Fail(name, "wrote outside its output");
    }

    private static float Widened(float weight) => BitConverter.UInt32BitsToSingle((uint)BFloat16Kernels.Round(weight) << 16);
}
