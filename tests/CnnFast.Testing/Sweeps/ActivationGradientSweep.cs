using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the gradients of the functions of single elements on every tier against the reference, on ordinary and special
/// values, in place of dy and not.
/// </summary>
public sealed unsafe class ActivationGradientSweep : IKernelSweep
{
    // Roundings of the longest of them: the exponential, an addition and a division in each of two factors, then three operations.
    private const long Terms = 8;

    private readonly IReadOnlyList<FunctionKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ActivationGradientSweep()
        : this(FunctionKernels.All)
    {
    }

    internal ActivationGradientSweep(IReadOnlyList<FunctionKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "ActivationGradient";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (FunctionKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (ReferenceFunction function in ReferenceFunctions.All)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(FunctionKernels.GradientOf(function.Epilogue.Function!)),
                    set.Isa);
                foreach (int length in VectorSizes.Of(depth))
                {
                    Check(tally, set, function, $"length {length}, special values", SpecialValues.Mix(length, length));
                    Check(tally, set, function, $"length {length}", Array.ConvertAll(SeededData.Uniform(length, length), v => v * 12));
                    Check(tally, set, function, $"length {length}, bounds", Bounds(function.Epilogue, length));
                }

                yield return tally.ToReport();
            }
        }
    }

    // Arguments at and next to the places where derivatives jump.
    private static float[] Bounds(Epilogue epilogue, int length)
    {
        float[] places = [-3, 3, 0, epilogue.Alpha, epilogue.Beta];
        return [.. Enumerable.Range(0, length).Select(i => (i / places.Length % 3) switch
        {
            0 => places[i % places.Length],
            1 => MathF.BitIncrement(places[i % places.Length]),
            _ => MathF.BitDecrement(places[i % places.Length]),
        })];
    }

    private static void Check(KernelTally tally, FunctionKernels set, ReferenceFunction function, string name, float[] arguments)
    {
        Epilogue epilogue = function.Epilogue;
        float[] values = arguments;
        if (!epilogue.GradientNeedsInput)
        {
            double[] results = SeededData.ToDouble(arguments);
            function.Apply(results, results);
            values = Array.ConvertAll(results, y => (float)y);
        }

        // Where the kernel reads y, the expected gradient is that of this y, rounded as it is.
        float[] gradient = SeededData.Uniform(values.Length, values.Length + 7);
        double[] expected = function.Gradient(SeededData.ToDouble(values), SeededData.ToDouble(gradient));
        double[] magnitudes = function.SlopeTerms is { } terms
            ? [.. expected.Select((d, i) => double.IsFinite(d) ? Math.Abs(gradient[i]) * terms(values[i]) : 0)]
            : Array.ConvertAll(expected, Math.Abs);
        GuardSide side = values.Length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        using var value = new GuardedBuffer<float>(values, side);
        using var dy = new GuardedBuffer<float>(gradient, side);
        using var dx = new GuardedBuffer<float>(values.Length, side);
        dx.Fill(float.NaN);
        delegate*<float*, float*, float*, nint, float, float, void> kernel = set.For(epilogue.Function!).Gradient;
        kernel(value.Pointer, dy.Pointer, dx.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, name, dx);
        kernel(value.Pointer, dy.Pointer, dy.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, $"{name}, in place", dy);

        void Add(KernelTally tally, string name, GuardedBuffer<float> dx)
        {
            if (!dx.SlackIsIntact)
                tally.Fail(name, "wrote outside its output");
            else if (function.IsExact)
                tally.Add(name, ErrorBound.MeasureExact(dx.Span, Array.ConvertAll(expected, v => (float)v)));
            else
                tally.Add(name, ErrorBound.Measure(dx.Span, expected, magnitudes, Terms));
        }
    }
}
