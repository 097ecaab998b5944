using CnnFast.Kernels;

namespace CnnFast.Testing;

/// <summary>Holds the activation kernels of every tier against the reference, on ordinary and special values, in place and not.</summary>
public sealed unsafe class ActivationSweep : IKernelSweep
{
    // Roundings of the longest of them: the exponential's polynomial, an addition, a division, a multiplication.
    private const long Terms = 4;

    private readonly IReadOnlyList<ActivationKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ActivationSweep()
        : this(ActivationKernels.All)
    {
    }

    internal ActivationSweep(IReadOnlyList<ActivationKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Activation";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (ActivationKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (Epilogue epilogue in ExpectedActivation.All.Where(e => !e.IsFused))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(epilogue.Kind.ToString()), set.Isa);
                foreach (int length in VectorSizes.Of(depth))
                {
                    Check(tally, set, epilogue, $"length {length}, special values", SpecialValues.Mix(length, length));
                    Check(tally, set, epilogue, $"length {length}", Array.ConvertAll(SeededData.Uniform(length, length), v => v * 12));
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Check(KernelTally tally, ActivationKernels set, Epilogue epilogue, string name, float[] values)
    {
        double[] expected = SeededData.ToDouble(values);
        ExpectedActivation.Apply(epilogue, expected);
        double[] magnitudes = ExpectedActivation.Magnitudes(epilogue, values, expected);
        GuardSide side = values.Length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        using var x = new GuardedBuffer<float>(values, side);
        using var y = new GuardedBuffer<float>(values.Length, side);
        y.Fill(float.NaN);
        delegate*<float*, float*, nint, float, float, void> kernel = set.For(epilogue);
        kernel(x.Pointer, y.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, name, y, expected, magnitudes);
        kernel(x.Pointer, x.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, $"{name}, in place", x, expected, magnitudes);
    }

    private static void Add(KernelTally tally, string name, GuardedBuffer<float> y, double[] expected, double[] magnitudes)
    {
        if (y.SlackIsIntact)
            tally.Add(name, ErrorBound.Measure(y.Span, expected, magnitudes, Terms));
        else
            tally.Fail(name, "wrote outside its output");
    }
}
