using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the normalisation kernels of every tier against their definitions in double, on guarded buffers, in
/// place where operators run them so.
/// </summary>
public sealed unsafe class NormalizationSweep : IKernelSweep
{
    private readonly IReadOnlyList<NormalizationKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public NormalizationSweep()
        : this(NormalizationKernels.All)
    {
    }

    internal NormalizationSweep(IReadOnlyList<NormalizationKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Normalization";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (NormalizationKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach ((int rows, int columns) in VectorSizes.Matrices(depth))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using var data = new Data(rows, columns);
                    Check(tally, set, operation, data);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Check(KernelTally tally, NormalizationKernels set, string operation, Data d)
    {
        switch (operation)
        {
            case "ScaleShift":
                d.CheckMatrix(tally, y => set.ScaleShift(d.X.Pointer, d.P[0].Pointer, d.P[1].Pointer, (float*)y, d.Rows, d.Columns), 2,
                    (i, p) => (d.Xs[i] * p[0]) + p[1], (i, p) => (Math.Abs(d.Xs[i]) * p[0]) + p[1]);
                break;
            case "Normalize":
                d.CheckMatrix(tally,
                    y => set.Normalize(d.X.Pointer, d.P[0].Pointer, d.P[1].Pointer, d.P[2].Pointer, (float*)y, d.Rows, d.Columns), 3,
                    (i, p) => ((d.Xs[i] - p[0]) * p[1]) + p[2], (i, p) => ((Math.Abs(d.Xs[i]) + p[0]) * p[1]) + p[2]);
                break;
            case "SquareSum":
                d.CheckSums(tally, (y, z, _) => set.SquareSum(d.X.Pointer, d.P[0].Pointer, (float*)y, (float*)z, d.Rows, d.Columns),
                    (i, p) => [Math.Pow(d.Xs[i] - p[0], 2), d.Xs[i] - p[0]],
                    (i, p) => [Math.Pow(Math.Abs(d.Xs[i]) + p[0], 2), Math.Abs(d.Xs[i]) + p[0]]);
                break;
            case "GradientSums":
                d.CheckSums(tally,
                    (y, z, w) => set.GradientSums(d.X.Pointer, d.DY.Pointer, d.P[0].Pointer, (float*)y, (float*)z, (float*)w, d.Rows,
                        d.Columns),
                    (i, p) => [d.DYs[i], d.DYs[i] * (d.Xs[i] - p[0]), d.Xs[i] - p[0]],
                    (i, p) => [Math.Abs(d.DYs[i]), Math.Abs(d.DYs[i]) * (Math.Abs(d.Xs[i]) + p[0]), Math.Abs(d.Xs[i]) + p[0]]);
                break;
            case "NormalizeBackward":
                d.CheckMatrix(
                    tally,
                    y => set.NormalizeBackward(d.X.Pointer, d.DY.Pointer, d.P[0].Pointer, d.P[1].Pointer, d.P[2].Pointer, d.P[3].Pointer,
                        (float*)y, d.Rows, d.Columns),
                    5,
                    (i, p) => p[3] * ((d.DYs[i] - p[1]) + (p[2] * (d.Xs[i] - p[0]))),
                    (i, p) => p[3] * (Math.Abs(d.DYs[i]) + p[1] + (p[2] * (Math.Abs(d.Xs[i]) + p[0]))));
                break;
            case "GroupBackward":
                d.CheckMatrix(
                    tally,
                    y => set.GroupBackward(d.X.Pointer, d.DY.Pointer, d.P[0].Pointer, d.P[1].Pointer, d.P[2].Pointer, d.P[3].Pointer,
                        (float*)y, d.Rows, d.Columns),
                    4,
                    (i, p) => (p[1] * d.DYs[i]) + (p[2] * (d.Xs[i] - p[0])) + p[3],
                    (i, p) => (p[1] * Math.Abs(d.DYs[i])) + (p[2] * (Math.Abs(d.Xs[i]) + p[0])) + p[3]);
                break;
            case "RowGradientSums":
                d.CheckRowSums(tally, (row, scale, sums) => set.RowGradientSums(d.X.Pointer + row, d.DY.Pointer + row, 0.25f, (float*)scale,
                    d.Columns, (double*)sums));
                break;
            case "NormalizeRowBackward":
                for (int scales = 0; scales < 2; scales++)
                {
                    using var again = new Data(d.Rows, d.Columns);
                    again.CheckMatrix(
                        tally,
                        y => NormalizeRowsBackward(set, again, (float*)y, scales),
                        5,
                        (i, p) => (1.5 * again.DYs[i] * (scales == 0 ? 1 : p[0])) + (-0.75 * (again.Xs[i] - 0.25)) + 0.5,
                        (i, p) => (1.5 * Math.Abs(again.DYs[i]) * (scales == 0 ? 1 : p[0])) + (0.75 * (Math.Abs(again.Xs[i]) + 0.25))
                            + 0.5);
                }

                break;
            case "AddRowGradients":
                d.CheckSums(
                    tally,
                    (y, z, _) => AddRowGradients(set, d, (float*)y, (float*)z),
                    (i, _) => [d.DYs[i] * (d.Xs[i] - 0.25 - 0.125) * 1.5, d.DYs[i]],
                    (i, _) => [Math.Abs(d.DYs[i]) * (Math.Abs(d.Xs[i]) + 0.375) * 1.5, Math.Abs(d.DYs[i])]);
                break;
            case "RowMoments":
                d.CheckMoments(tally, (x, moments) => set.RowMoments((float*)x, d.Columns, (double*)moments));
                break;
            case "NormalizeRow":
                for (int numbers = 0; numbers < 3; numbers++)
                {
                    using var again = new Data(d.Rows, d.Columns);
                    (int scales, int biases) = (numbers > 0 ? 1 : 0, numbers > 1 ? 1 : 0);
                    again.CheckMatrix(
                        tally,
                        y => NormalizeRows(set, again, (float*)y, scales, biases),
                        5,
                        (i, p) => ((again.Xs[i] - 0.25 - 0.125) * 1.5 * (scales == 0 ? 1 : p[0])) + (biases * p[1]),
                        (i, p) => ((Math.Abs(again.Xs[i]) + 0.375) * 1.5 * (scales == 0 ? 1 : p[0])) + (biases * p[1]));
                }

                break;
            default:
                throw new InvalidOperationException($"The normalisation sweep does not know the operation {operation}.");
        }
    }

    // y may be x.
    private static void NormalizeRows(NormalizationKernels set, Data d, float* y, int scales, int biases)
    {
        for (int row = 0; row < d.Rows; row++)
        {
            nint start = (nint)row * d.Columns;
            set.NormalizeRow(d.X.Pointer + start, 0.25f, 0.125f, 1.5f, scales == 0 ? null : d.P[0].Pointer,
                biases == 0 ? null : d.P[1].Pointer, y + start, d.Columns);
        }
    }

    // y may be x.
    private static void NormalizeRowsBackward(NormalizationKernels set, Data d, float* y, int scales)
    {
        for (nint start = 0; start < (nint)d.Rows * d.Columns; start += d.Columns)
            set.NormalizeRowBackward(d.X.Pointer + start, d.DY.Pointer + start, 0.25f, scales == 0 ? null : d.P[0].Pointer, 1.5f, -0.75f,
                0.5f, y + start, d.Columns);
    }

    private static void AddRowGradients(NormalizationKernels set, Data d, float* scales, float* biases)
    {
        new Span<float>(scales, d.Columns).Clear();
        new Span<float>(biases, d.Columns).Clear();
        for (nint start = 0; start < (nint)d.Rows * d.Columns; start += d.Columns)
            set.AddRowGradients(d.X.Pointer + start, d.DY.Pointer + start, 0.25f, 0.125f, 1.5f, scales, biases, d.Columns);
    }

    // Two matrices and four numbers a column.
    private sealed class Data : IDisposable
    {
        public Data(int rows, int columns)
        {
            Rows = rows;
            Columns = columns;
            Side = columns % 2 == 0 ? GuardSide.After : GuardSide.Before;
            Xs = SeededData.Uniform(rows * columns, rows + columns);
            DYs = SeededData.Uniform(rows * columns, rows + columns + 1);
            X = new GuardedBuffer<float>(Xs, Side);
            DY = new GuardedBuffer<float>(DYs, Side);
            Ps = [.. Enumerable.Range(0, 4).Select(i => SeededData.Uniform(columns, columns + 2 + i))];
            P = [.. Ps.Select(values => new GuardedBuffer<float>(values, Side))];
        }

        public int Rows { get; }

        public int Columns { get; }

        public float[] Xs { get; }

        public float[] DYs { get; }

        public GuardedBuffer<float> X { get; }

        public GuardedBuffer<float> DY { get; }

        public GuardedBuffer<float>[] P { get; }

        private GuardSide Side { get; }

        private float[][] Ps { get; }

        private string Name => $"{Rows} rows, {Columns} columns";

        public void CheckMatrix(KernelTally tally, Action<nint> run, long terms, Func<int, double[], double> value,
            Func<int, double[], double> magnitude)
        {
            double[] values = [.. Enumerable.Range(0, Rows * Columns).Select(i => value(i, Column(i)))];
            double[] magnitudes = [.. Enumerable.Range(0, Rows * Columns).Select(i => magnitude(i, [.. Column(i).Select(Math.Abs)]))];
            using var y = new GuardedBuffer<float>(Rows * Columns, Side);
            y.Fill(float.NaN);
            run((nint)y.Pointer);
            Add(tally, Name, y, values, magnitudes, terms);
            run((nint)X.Pointer);
            Add(tally, $"{Name}, in place", X, values, magnitudes, terms);
        }

        public void CheckMoments(KernelTally tally, Action<nint, nint> run)
        {
            using var moments = new GuardedBuffer<double>(2, Side);
            for (int row = 0; row < Rows; row++)
            {
                double[] values = SeededData.ToDouble(Xs.AsSpan(row * Columns, Columns).ToArray());
                double mean = values.Average();
                moments.Fill(double.NaN);
                run((nint)(X.Pointer + ((nint)row * Columns)), (nint)moments.Pointer);
                float[] actual = [(float)moments.Span[0], (float)moments.Span[1]];
                double[] expected = [mean, values.Average(value => (value - mean) * (value - mean))];
                double[] magnitude = [values.Average(Math.Abs), values.Average(value => Math.Pow(Math.Abs(value) + Math.Abs(mean), 2))];
                tally.Add($"{Name}, row {row}", ErrorBound.Measure(actual, expected, magnitude, Columns + 2));
            }
        }

        // Sums of dy·scale and of dy·scale·(x − 1/4) of every row, with scales and without.
        public void CheckRowSums(KernelTally tally, Action<nint, nint, nint> run)
        {
            using var sums = new GuardedBuffer<double>(2, Side);
            for (int row = 0; row < Rows * Columns; row += Columns)
            {
                foreach (bool scaled in (bool[])[false, true])
                {
                    double[] expected = new double[2], magnitude = new double[2];
                    for (int c = 0; c < Columns; c++)
                    {
                        double gradient = DYs[row + c] * (scaled ? Ps[0][c] : 1.0);
                        expected[0] += gradient;
                        expected[1] += gradient * (Xs[row + c] - 0.25);
                        magnitude[0] += Math.Abs(gradient);
                        magnitude[1] += Math.Abs(gradient) * (Math.Abs(Xs[row + c]) + 0.25);
                    }

                    sums.Fill(double.NaN);
                    run(row, scaled ? (nint)P[0].Pointer : 0, (nint)sums.Pointer);
                    float[] actual = [(float)sums.Span[0], (float)sums.Span[1]];
                    tally.Add($"{Name}, from {row}", ErrorBound.Measure(actual, expected, magnitude, Columns + 3));
                }
            }
        }

        public void CheckSums(KernelTally tally, Action<nint, nint, nint> run, Func<int, double[], double[]> value,
            Func<int, double[], double[]> magnitude)
        {
            string[] names = [Name, $"{Name}, second sums", $"{Name}, third sums"];
            double[][] sums = [.. names.Select(_ => new double[Columns])];
            double[][] magnitudes = [.. names.Select(_ => new double[Columns])];
            int outputs = 0;
            for (int i = 0; i < Rows * Columns; i++)
            {
                double[] values = value(i, Column(i));
                double[] sizes = magnitude(i, [.. Column(i).Select(Math.Abs)]);
                outputs = values.Length;
                for (int k = 0; k < outputs; k++)
                {
                    sums[k][i % Columns] += values[k];
                    magnitudes[k][i % Columns] += sizes[k];
                }
            }

            GuardedBuffer<float>[] results = [.. names.Select(_ => new GuardedBuffer<float>(Columns, Side))];
            foreach (GuardedBuffer<float> result in results)
                result.Fill(float.NaN);
            run((nint)results[0].Pointer, (nint)results[1].Pointer, (nint)results[2].Pointer);
            for (int k = 0; k < outputs; k++)
                Add(tally, names[k], results[k], sums[k], magnitudes[k], Rows + 4);
            foreach (GuardedBuffer<float> result in results)
                result.Dispose();
        }

        public void Dispose()
        {
            X.Dispose();
            DY.Dispose();
            foreach (GuardedBuffer<float> buffer in P)
                buffer.Dispose();
        }

        private static void Add(KernelTally tally, string name, GuardedBuffer<float> y, double[] values, double[] magnitudes, long terms)
        {
            if (y.SlackIsIntact)
                tally.Add(name, ErrorBound.Measure(y.Span, values, magnitudes, terms));
            else
                tally.Fail(name, "wrote outside its output");
        }

        private double[] Column(int i) => [.. Ps.Select(values => (double)values[i % Columns])];
    }
}
