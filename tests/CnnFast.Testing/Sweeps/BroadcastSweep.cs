using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Holds the products with one factor a column, and their gradients, of every tier against the reference.</summary>
public sealed unsafe class BroadcastSweep : IKernelSweep
{
    private readonly IReadOnlyList<BroadcastKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public BroadcastSweep()
        : this(BroadcastKernels.All)
    {
    }

    internal BroadcastSweep(IReadOnlyList<BroadcastKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Broadcast";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (BroadcastKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach ((int rows, int columns) in VectorSizes.Matrices(depth))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Check(tally, set, operation, rows, columns);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Check(KernelTally tally, BroadcastKernels set, string operation, int rows, int columns)
    {
        GuardSide side = columns % 2 == 0 ? GuardSide.After : GuardSide.Before;
        string name = $"{rows} rows, {columns} columns";
        float[] data = SeededData.Uniform(rows * columns, rows + columns);
        float[] other = SeededData.Uniform(operation == "MultiplyRows" ? columns : data.Length, rows + columns + 1);
        double[] left = SeededData.ToDouble(data), right = SeededData.ToDouble(other);
        using var a = new GuardedBuffer<float>(data, side);
        using var b = new GuardedBuffer<float>(other, side);
        if (operation == "MultiplyRows")
        {
            var products = new double[data.Length];
            ReferenceMultiply.Forward(rows, columns, left, right, products);
            using var y = new GuardedBuffer<float>(data.Length, side);
            y.Fill(float.NaN);
            set.MultiplyRows(a.Pointer, b.Pointer, y.Pointer, rows, columns);
            Add(tally, name, y, ErrorBound.MeasureExact(y.Span, Array.ConvertAll(products, v => (float)v)));
            set.MultiplyRows(a.Pointer, b.Pointer, a.Pointer, rows, columns);
            Add(tally, $"{name}, in place", a, ErrorBound.MeasureExact(a.Span, Array.ConvertAll(products, v => (float)v)));
        }
        else if (operation == "ColumnDot")
        {
            double[] sums = new double[columns], magnitudes = new double[columns];
            ReferenceMultiply.BackwardFactors(rows, columns, left, right, sums);
            ReferenceMultiply.BackwardFactors(rows, columns, SeededData.ToMagnitude(data), SeededData.ToMagnitude(other), magnitudes);
            using var y = new GuardedBuffer<float>(columns, side);
            y.Fill(float.NaN);
            set.ColumnDot(a.Pointer, b.Pointer, y.Pointer, rows, columns);
            Add(tally, name, y, ErrorBound.Measure(y.Span, sums, magnitudes, rows));
        }
        else
        {
            throw new InvalidOperationException($"The broadcast sweep does not know the operation {operation}.");
        }
    }

    private static void Add(KernelTally tally, string name, GuardedBuffer<float> y, ErrorMeasure error)
    {
        if (y.SlackIsIntact)
            tally.Add(name, error);
        else
            tally.Fail(name, "wrote outside its output");
    }
}
