using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Holds the column sums of every tier against sums in double.</summary>
public sealed unsafe class ReduceSweep : IKernelSweep
{
    private readonly IReadOnlyList<ReduceKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ReduceSweep()
        : this(ReduceKernels.All)
    {
    }

    internal ReduceSweep(IReadOnlyList<ReduceKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Reduce";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (ReduceKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                if (operation != "ColumnSum")
                    throw new InvalidOperationException($"The reduction sweep does not know the operation {operation}.");
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach ((int rows, int columns) in VectorSizes.Matrices(depth))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    ColumnSum(tally, set, rows, columns);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void ColumnSum(KernelTally tally, ReduceKernels set, int rows, int columns)
    {
        GuardSide side = columns % 2 == 0 ? GuardSide.After : GuardSide.Before;
        float[] data = SeededData.Uniform(rows * columns, rows + columns);
        var sums = new double[columns];
        var magnitudes = new double[columns];
        for (int i = 0; i < data.Length; i++)
        {
            sums[i % columns] += data[i];
            magnitudes[i % columns] += Math.Abs(data[i]);
        }

        using var x = new GuardedBuffer<float>(data, side);
        using var y = new GuardedBuffer<float>(columns, side);
        y.Fill(float.NaN);
        set.ColumnSum(x.Pointer, y.Pointer, rows, columns);
        string name = $"{rows} rows, {columns} columns";
        if (y.SlackIsIntact)
            tally.Add(name, ErrorBound.Measure(y.Span, sums, magnitudes, rows));
        else
            tally.Fail(name, "wrote outside its output");
    }
}
