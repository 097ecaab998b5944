using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Holds the gradients of the activations on every tier against the reference, on ordinary and special values, in place of dy and not.</summary>
public sealed unsafe class ActivationGradientSweep : IKernelSweep
{
    // Roundings of the longest of them: the exponential, an addition and a division in each of two factors, then three operations.
    private const long Terms = 8;

    private readonly IReadOnlyList<ActivationGradientKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ActivationGradientSweep()
        : this(ActivationGradientKernels.All)
    {
    }

    internal ActivationGradientSweep(IReadOnlyList<ActivationGradientKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "ActivationGradient";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (ActivationGradientKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (Epilogue epilogue in ExpectedActivation.All.Where(e => !e.IsFused && e.HasGradient))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf($"{epilogue.Kind}Backward"), set.Isa);
                foreach (int length in VectorSizes.Of(depth))
                {
                    Check(tally, set, epilogue, $"length {length}, special values", SpecialValues.Mix(length, length));
                    Check(tally, set, epilogue, $"length {length}", Array.ConvertAll(SeededData.Uniform(length, length), v => v * 12));
                    Check(tally, set, epilogue, $"length {length}, bounds", Bounds(epilogue, length));
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

    private static void Check(KernelTally tally, ActivationGradientKernels set, Epilogue epilogue, string name, float[] arguments)
    {
        float[] values = arguments;
        if (!epilogue.GradientNeedsInput)
        {
            double[] results = SeededData.ToDouble(arguments);
            ExpectedActivation.Apply(epilogue, results);
            values = Array.ConvertAll(results, y => (float)y);
        }

        float[] gradient = SeededData.Uniform(values.Length, values.Length + 7);
        (double[] expected, double[] magnitudes) = Expect(epilogue, SeededData.ToDouble(values), SeededData.ToDouble(gradient));
        GuardSide side = values.Length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        using var value = new GuardedBuffer<float>(values, side);
        using var dy = new GuardedBuffer<float>(gradient, side);
        using var dx = new GuardedBuffer<float>(values.Length, side);
        dx.Fill(float.NaN);
        delegate*<float*, float*, float*, nint, float, float, void> kernel = set.For(epilogue.Kind);
        kernel(value.Pointer, dy.Pointer, dx.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, name, dx, expected, magnitudes);
        kernel(value.Pointer, dy.Pointer, dy.Pointer, values.Length, epilogue.Alpha, epilogue.Beta);
        Add(tally, $"{name}, in place", dy, expected, magnitudes);
    }

    // Where the kernel reads y, the expected gradient is that of this y, rounded as it is.
    private static (double[] Values, double[] Magnitudes) Expect(Epilogue epilogue, double[] value, double[] dy)
    {
        var dx = new double[dy.Length];
        switch (epilogue.Kind)
        {
            case EpilogueKind.Clip:
                ReferenceActivationGradient.Clip(value, dy, dx, epilogue.Alpha, epilogue.Beta);
                break;
            case EpilogueKind.LeakyReLU:
                ReferenceActivationGradient.LeakyReLU(value, dy, dx, epilogue.Alpha);
                break;
            case EpilogueKind.SiLU:
                ReferenceActivationGradient.SiLU(value, dy, dx);
                return (dx, Magnitudes(value, dy, dx, x => 1 / (1 + Math.Exp(-x)) * (1 + (Math.Abs(x) / (1 + Math.Exp(x))))));
            case EpilogueKind.HardSwish:
                ReferenceActivationGradient.HardSwish(value, dy, dx);
                return (dx, Magnitudes(value, dy, dx, x => Math.Abs(x) < 3 ? (Math.Abs(x) / 3) + 0.5 : 1));
            case EpilogueKind.Sigmoid:
                dx = [.. value.Zip(dy, (y, d) => d * y * (1 - y))];
                break;
            case EpilogueKind.Tanh:
                dx = [.. value.Zip(dy, (y, d) => d * (1 - (y * y)))];
                break;
            default:
                throw new InvalidOperationException($"The sweep of activation gradients does not know {epilogue.Kind}.");
        }

        return (dx, Array.ConvertAll(dx, Math.Abs));
    }

    private static double[] Magnitudes(double[] value, double[] dy, double[] dx, Func<double, double> slope) =>
        [.. dx.Select((d, i) => double.IsFinite(d) ? Math.Abs(dy[i]) * slope(value[i]) : 0)];

    private static void Add(KernelTally tally, string name, GuardedBuffer<float> dx, double[] expected, double[] magnitudes)
    {
        if (dx.SlackIsIntact)
            tally.Add(name, ErrorBound.Measure(dx.Span, expected, magnitudes, Terms));
        else
            tally.Fail(name, "wrote outside its output");
    }
}
