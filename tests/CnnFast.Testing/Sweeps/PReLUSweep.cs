using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Holds the ReLU with a slope a column, and its gradients, of every tier against the reference, in place and not.</summary>
public sealed unsafe class PReLUSweep : IKernelSweep
{
    private readonly IReadOnlyList<PReLUKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public PReLUSweep()
        : this(PReLUKernels.All)
    {
    }

    internal PReLUSweep(IReadOnlyList<PReLUKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "PReLU";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (PReLUKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
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

    private static void Check(KernelTally tally, PReLUKernels set, string operation, int rows, int columns)
    {
        GuardSide side = columns % 2 == 0 ? GuardSide.After : GuardSide.Before;
        string name = $"{rows} rows, {columns} columns";
        int length = rows * columns;
        bool sums = operation == "PReLUSlopes";
        float[] data = sums ? SeededData.Uniform(length, length) : SpecialValues.Mix(length, length);
        float[] gradient = SeededData.Uniform(length, length + 1);
        float[] factors = SeededData.Uniform(columns, columns + 2);
        double[] values = SeededData.ToDouble(data), dy = SeededData.ToDouble(gradient), slope = SeededData.ToDouble(factors);
        double[] result = new double[length], dslope = new double[columns], magnitudes = new double[columns];
        using var x = new GuardedBuffer<float>(data, side);
        using var d = new GuardedBuffer<float>(gradient, side);
        using var s = new GuardedBuffer<float>(factors, side);
        using var y = new GuardedBuffer<float>(sums ? columns : length, side);
        y.Fill(float.NaN);
        switch (operation)
        {
            case "PReLU":
                ReferencePReLU.Forward(values, slope, result);
                set.Forward(x.Pointer, s.Pointer, y.Pointer, rows, columns);
                Exact(y, name);
                set.Forward(x.Pointer, s.Pointer, x.Pointer, rows, columns);
                Exact(x, $"{name}, in place");
                break;
            case "PReLUBackward":
                ReferencePReLU.Backward(values, slope, dy, result, dslope);
                set.Backward(x.Pointer, d.Pointer, s.Pointer, y.Pointer, rows, columns);
                Exact(y, name);
                set.Backward(x.Pointer, d.Pointer, s.Pointer, d.Pointer, rows, columns);
                Exact(d, $"{name}, in place");
                break;
            case "PReLUSlopes":
                ReferencePReLU.Backward(values, slope, dy, result, dslope);
                for (int i = 0; i < length; i++)
                    magnitudes[i % columns] += Math.Abs(Math.Min(values[i], 0) * dy[i]);
                set.SlopeSums(x.Pointer, d.Pointer, y.Pointer, rows, columns);
                Add(y, name, ErrorBound.Measure(y.Span, dslope, magnitudes, rows));
                break;
            default:
                throw new InvalidOperationException($"The sweep of PReLU does not know the operation {operation}.");
        }

        void Exact(GuardedBuffer<float> y, string name) =>
            Add(y, name, ErrorBound.MeasureExact(y.Span, Array.ConvertAll(result, v => (float)v)));

        void Add(GuardedBuffer<float> y, string name, ErrorMeasure error)
        {
            if (y.SlackIsIntact)
                tally.Add(name, error);
            else
                tally.Fail(name, "wrote outside its output");
        }
    }
}
