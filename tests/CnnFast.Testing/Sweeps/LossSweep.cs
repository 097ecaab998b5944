using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Holds the losses of every tier against the reference: their sum, gradients and predictions.</summary>
public sealed unsafe class LossSweep : IKernelSweep
{
    private const float Scale = 0.25f;

    private readonly IReadOnlyList<LossKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public LossSweep()
        : this(LossKernels.All)
    {
    }

    internal LossSweep(IReadOnlyList<LossKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Loss";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (LossKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (LossKernel kernel in set.Losses)
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(kernel.Name), set.Isa);
                foreach (int length in VectorSizes.Of(depth))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Run(tally, kernel, length);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Run(KernelTally tally, LossKernel kernel, int length)
    {
        GuardSide side = length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        Expected expected = Expect(kernel.Name, length);
        using var x = new GuardedBuffer<float>(expected.X, side);
        using var targets = new GuardedBuffer<float>(expected.Targets, side);
        using GuardedBuffer<float> predictions = Output(length, side);
        using GuardedBuffer<float> dx = Output(length, side);
        float loss = kernel.Run(x.Pointer, targets.Pointer, predictions.Pointer, dx.Pointer, length, Scale);
        float evaluated = kernel.Run(x.Pointer, targets.Pointer, null, null, length, Scale);
        string name = $"length {length}";
        if (!predictions.SlackIsIntact || !dx.SlackIsIntact)
            tally.Fail(name, "wrote outside its output");
        else if (loss != evaluated)
            tally.Fail(name, FormattableString.Invariant($"the loss is {evaluated} without a gradient and {loss} with one"));
        else
            tally.Add(name, expected.Measure(loss, dx.Span, predictions.Span));
    }

    private static Expected Expect(string loss, int length) => loss switch
    {
        "SquaredError" => SquaredError(length),
        "BinaryCrossEntropy" => BinaryCrossEntropy(length),
        _ => throw new InvalidOperationException($"The loss sweep does not know the loss {loss}."),
    };

    private static Expected SquaredError(int length)
    {
        float[] x = SeededData.Uniform(length, length), targets = SeededData.Uniform(length, length + 10_000);
        double[] gradient = new double[length], wide = SeededData.ToDouble(x), wideTargets = SeededData.ToDouble(targets);
        ReferenceMeanSquaredError.Backward(wide, wideTargets, gradient);
        double[] sizes = [.. x.Zip(targets, (a, b) => (double)Math.Abs(a) + Math.Abs(b))];
        return new Expected(x, targets)
        {
            Loss = length * ReferenceMeanSquaredError.Forward(wide, wideTargets),
            LossMagnitude = sizes.Sum(size => size * size),
            Gradient = [.. gradient.Select(value => value * length * Scale)],
            GradientMagnitude = [.. sizes.Select(size => 2 * size * Scale)],
            Predictions = wide,
        };
    }

    // Logits from −30 to 30, and targets of 0, 1 and between.
    private static Expected BinaryCrossEntropy(int length)
    {
        float[] x = Array.ConvertAll(SeededData.Uniform(length, length), value => value * 30);
        float[] targets = [.. SeededData.Uniform(length, length + 10_000).Select((value, i) => i % 3 == 2 ? Math.Abs(value) : i % 3)];
        double[] gradient = new double[length], wide = SeededData.ToDouble(x), wideTargets = SeededData.ToDouble(targets);
        ReferenceBinaryCrossEntropy.Backward(wide, wideTargets, gradient);
        return new Expected(x, targets)
        {
            Loss = length * ReferenceBinaryCrossEntropy.Forward(wide, wideTargets),
            LossMagnitude = wide.Zip(wideTargets, (z, t) => Math.Max(z, 0) + Math.Abs(z * t) + Math.Log(1 + Math.Exp(-Math.Abs(z)))).Sum(),
            Gradient = [.. gradient.Select(value => value * length * Scale)],
            GradientMagnitude = [.. wide.Zip(wideTargets, (z, t) => Scale * (t + (1 / (1 + Math.Exp(-z)))))],
            Predictions = [.. wide.Select(z => 1 / (1 + Math.Exp(-z)))],
        };
    }

    private static GuardedBuffer<float> Output(int length, GuardSide side)
    {
        var output = new GuardedBuffer<float>(length, side);
        output.Fill(float.NaN);
        return output;
    }

    private sealed record Expected(float[] X, float[] Targets)
    {
        public required double Loss { get; init; }

        public required double LossMagnitude { get; init; }

        public required double[] Gradient { get; init; }

        public required double[] GradientMagnitude { get; init; }

        public required double[] Predictions { get; init; }

        public ErrorMeasure Measure(float loss, ReadOnlySpan<float> dx, ReadOnlySpan<float> predictions) =>
            ErrorBound.Measure([loss], [Loss], [LossMagnitude], X.Length + 8)
                .Max(ErrorBound.Measure(dx, Gradient, GradientMagnitude, 8))
                .Max(ErrorBound.Measure(predictions, Predictions, [.. Predictions.Select(value => Math.Abs(value) + 1e-30)], 8));
    }
}
