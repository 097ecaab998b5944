using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the functions of single elements of every tier against the reference, on ordinary and special values, in place and not.
/// </summary>
public sealed unsafe class ActivationSweep : IKernelSweep
{
    // Roundings of the longest of them: the exponential's polynomial, an addition, a division, a multiplication.
    private const long Terms = 4;

    private readonly IReadOnlyList<FunctionKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ActivationSweep()
        : this(FunctionKernels.All)
    {
    }

    internal ActivationSweep(IReadOnlyList<FunctionKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Activation";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (FunctionKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (ReferenceFunction function in ReferenceFunctions.All)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(function.Name), set.Isa);
                foreach (int length in VectorSizes.Of(depth))
                {
                    Check(tally, set, function, $"length {length}, special values", SpecialValues.Mix(length, length));
                    Check(tally, set, function, $"length {length}", Array.ConvertAll(SeededData.Uniform(length, length), v => v * 12));
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Check(KernelTally tally, FunctionKernels set, ReferenceFunction function, string name, float[] values)
    {
        Epilogue epilogue = function.Epilogue;
        double[] expected = SeededData.ToDouble(values);
        function.Apply(expected, expected);
        double[] magnitudes = function.Terms is { } terms
            ? Array.ConvertAll(values, x => double.IsNaN(x) ? 0 : terms(function, x))
            : Array.ConvertAll(expected, Math.Abs);
        GuardSide side = values.Length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        using var x = new GuardedBuffer<float>(values, side);
        using var y = new GuardedBuffer<float>(values.Length, side);
        y.Fill(float.NaN);
        delegate*<float*, float*, nint, float, float, void> kernel = set.For(epilogue.Function!).Forward;
        kernel(x.Pointer, y.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, name, y);
        kernel(x.Pointer, x.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, $"{name}, in place", x);

        void Add(KernelTally tally, string name, GuardedBuffer<float> y)
        {
            if (!y.SlackIsIntact)
                tally.Fail(name, "wrote outside its output");
            else if (function.IsExact)
                tally.Add(name, ErrorBound.MeasureExact(y.Span, Array.ConvertAll(expected, v => (float)v)));
            else
                tally.Add(name, ErrorBound.Measure(y.Span, expected, magnitudes, Terms));
        }
    }
}
