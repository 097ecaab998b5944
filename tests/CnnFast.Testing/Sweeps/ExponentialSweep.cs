using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the exponential and the logarithm of every tier against double, to about 2 units in the last place, with their special values.
/// </summary>
public sealed unsafe class ExponentialSweep : IKernelSweep
{
    private static readonly float[] ExpEdges =
    [
        0f, -0f, float.Epsilon, 1f, -1f, 88.7228394f, 88.72284f, 89f, 1000f, float.MaxValue, -87.33654f, -87.4f, -100f, -103.9f, -104f,
        -1000f, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    private static readonly float[] LogEdges =
    [
        0f, -0f, 1f, 0.99999994f, 1.0000001f, float.Epsilon, 1.17549435e-38f, 1.17549421e-38f, 0.70710677f, 0.7071068f, 1.4142135f,
        float.MaxValue, -1f, -float.Epsilon,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    private readonly IReadOnlyList<SoftmaxKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ExponentialSweep()
        : this(SoftmaxKernels.All)
    {
    }

    internal ExponentialSweep(IReadOnlyList<SoftmaxKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Exponential";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (SoftmaxKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            var exp = new KernelTally(Family, ((IKernelSet)set).NameOf("Exp"), set.Isa);
            var log = new KernelTally(Family, ((IKernelSet)set).NameOf("Log"), set.Isa);
            foreach (int length in VectorSizes.Of(depth))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Exp(exp, set, length);
                Log(log, set, length);
            }

            yield return exp.ToReport();
            yield return log.ToReport();
        }
    }

    private static void Exp(KernelTally tally, SoftmaxKernels set, int length) =>
        Check(tally, set.Exp, Mix(ExpEdges, length, v => v * 90f), Math.Exp);

    private static void Log(KernelTally tally, SoftmaxKernels set, int length) =>
        Check(tally, set.Log, Mix(LogEdges, length, v => MathF.ScaleB(1f + (v * 0.999f), (int)(v * 4000) % 120)), Math.Log);

    private static float[] Mix(float[] edges, int length, Converter<float, float> spread)
    {
        float[] values = Array.ConvertAll(SeededData.Uniform(length, length), spread);
        int[] choice = SeededData.Integers(length, 3 * edges.Length, length + 1);
        for (int i = 0; i < length; i++)
            values[i] = choice[i] < edges.Length ? edges[choice[i]] : values[i];
        return values;
    }

    private static void Check(KernelTally tally, delegate*<float*, float*, nint, void> kernel, float[] data, Func<double, double> function)
    {
        GuardSide side = data.Length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        double[] expected = Array.ConvertAll(data, v => ToFloatRange(function(v)));
        double[] magnitude = Array.ConvertAll(expected, v => double.IsFinite(v) ? Math.Abs(v) : 0);
        using var x = new GuardedBuffer<float>(data, side);
        using var y = new GuardedBuffer<float>(data.Length, side);
        y.Fill(float.NaN);
        kernel(x.Pointer, y.Pointer, data.Length);
        string name = $"length {data.Length}";
        if (y.SlackIsIntact)
            tally.Add(name, ErrorBound.Measure(y.Span, expected, magnitude, 1));
        else
            tally.Fail(name, "wrote outside its output");
    }

    // What a float cannot hold is an infinity.
    private static double ToFloatRange(double value) => double.IsFinite(value) && float.IsInfinity((float)value) ? (float)value : value;
}
