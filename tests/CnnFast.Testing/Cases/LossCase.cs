using System.Runtime.InteropServices;
using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>A loss of elements to test: outputs, targets and weights, and what the reference makes of them.</summary>
internal sealed class LossCase
{
    /// <summary>The factor of the gradient.</summary>
    public const float Scale = 0.25f;

    private readonly double[] _losses;
    private readonly double[] _lossSizes;
    private readonly double[] _gradient;
    private readonly double[] _gradientSizes;
    private readonly string _name;

    private LossCase(string name, int length, bool isWeighted, float spread, byte[] options, Element element)
    {
        _name = $"{name}, length {length}{(isWeighted ? ", weights" : "")}";
        IsWeighted = isWeighted;
        Options = options;
        X = Array.ConvertAll(SeededData.Uniform(length, length), value => value * spread);
        Targets = [.. SeededData.Uniform(length, length + 10_000).Select((value, i) => i % 3 == 2 ? Math.Abs(value) : i % 3)];

        // From 0 to 2, every fourth 0.
        Weights = [.. SeededData.Uniform(length, length + 20_000).Select((value, i) => i % 4 == 3 ? 0 : value + 1)];
        PositiveWeights = [.. SeededData.Uniform(length, length + 30_000).Select(value => (value + 1) * 3)];
        (_losses, _lossSizes, _gradient, _gradientSizes) = (new double[length], new double[length], new double[length], new double[length]);
        for (int i = 0; i < length; i++)
        {
            double weight = isWeighted ? Weights[i] : 1;
            Expected expected = element(X[i], Targets[i], isWeighted ? PositiveWeights[i] : 1);
            (_losses[i], _lossSizes[i]) = (weight * expected.Loss, weight * expected.LossSize);
            (_gradient[i], _gradientSizes[i]) = (weight * expected.Gradient * Scale, weight * expected.GradientSize * Scale);
        }
    }

    // What the reference makes of one element, and what errors of it are measured by.
    private delegate Expected Element(double x, double target, double positiveWeight);

    public float[] X { get; }

    public float[] Targets { get; }

    public bool IsWeighted { get; }

    public float[] Weights { get; }

    public float[] PositiveWeights { get; }

    /// <summary>The options of the kernel.</summary>
    public byte[] Options { get; }

    /// <summary>The cases of a loss.</summary>
    public static IEnumerable<LossCase> Of(string loss, int length)
    {
        foreach (bool isWeighted in new[] { false, true })
        {
            switch (loss)
            {
                case "SquaredError":
                    yield return new LossCase(loss, length, isWeighted, 1, Bytes(default(SquaredErrorLoss)), SquaredError);
                    break;
                case "AbsoluteError":
                    yield return new LossCase(loss, length, isWeighted, 1, Bytes(default(AbsoluteErrorLoss)), AbsoluteError);
                    break;
                case "Huber":
                    foreach (float delta in new[] { 0.25f, 1f })
                    {
                        yield return new LossCase($"{loss} {delta}", length, isWeighted, 2, Bytes(new HuberLoss(delta)),
                            (x, t, _) => Huber(x, t, delta));
                    }

                    break;
                case "BinaryCrossEntropy":
                    yield return new LossCase(loss, length, isWeighted, 30, Bytes(default(BinaryCrossEntropyLoss)), BinaryCrossEntropy);
                    break;
                case "SigmoidFocal":
                    foreach ((float gamma, float? alpha) in new (float, float?)[] { (2, 0.25f), (0.5f, null), (0, 0.75f), (5, 1) })
                    {
                        yield return new LossCase($"{loss} {gamma} {alpha}", length, isWeighted, 20,
                            Bytes(new SigmoidFocalLoss(gamma, alpha ?? -1)), (x, t, _) => SigmoidFocal(x, t, gamma, alpha));
                    }

                    break;
                default:
                    throw new InvalidOperationException($"The loss sweep does not know the loss {loss}.");
            }
        }
    }

    /// <summary>How far a loss and gradients are from the reference.</summary>
    public ErrorMeasure Measure(float loss, ReadOnlySpan<float> dx) =>
        ErrorBound.Measure([loss], [_losses.Sum()], [_lossSizes.Sum()], X.Length + 12)
            .Max(ErrorBound.Measure(dx, _gradient, _gradientSizes, 16));

    /// <summary>Loss, options and length on one line.</summary>
    public override string ToString() => _name;

    private static byte[] Bytes<TLoss>(TLoss loss)
        where TLoss : unmanaged => MemoryMarshal.AsBytes([loss]).ToArray();

    private static Expected SquaredError(double x, double t, double positive)
    {
        double[] dx = new double[1];
        ReferenceMeanSquaredError.Backward([x], [t], dx);
        double size = Math.Abs(x) + Math.Abs(t);
        return new Expected(ReferenceMeanSquaredError.Forward([x], [t]), size * size, dx[0], 2 * size);
    }

    private static Expected AbsoluteError(double x, double t, double positive)
    {
        double[] dx = new double[1];
        ReferenceMeanAbsoluteError.Backward([x], [t], dx);
        return new Expected(ReferenceMeanAbsoluteError.Forward([x], [t]), Math.Abs(x) + Math.Abs(t), dx[0], 1);
    }

    private static Expected Huber(double x, double t, double delta)
    {
        double[] dx = new double[1];
        ReferenceHuber.Backward([x], [t], delta, dx);
        double size = Math.Abs(x) + Math.Abs(t);
        return new Expected(ReferenceHuber.Forward([x], [t], delta), Math.Min(size, delta) * size, dx[0], Math.Min(size, delta));
    }

    private static Expected BinaryCrossEntropy(double x, double t, double positive)
    {
        double[] dx = new double[1];
        ReferenceBinaryCrossEntropy.Backward([x], [t], [positive], dx);
        double loss = ReferenceBinaryCrossEntropy.Forward([x], [t], [positive]);
        double yes = 1 / (1 + Math.Exp(-x)), no = 1 / (1 + Math.Exp(x));
        return new Expected(loss, loss, dx[0], ((1 - t) * yes) + (positive * t * no));
    }

    // Errors of the logarithm pass through the power.
    private static Expected SigmoidFocal(double x, double t, double gamma, double? alpha)
    {
        double[] dx = new double[1];
        ReferenceFocal.Backward([x], [t], gamma, alpha, dx);
        double loss = ReferenceFocal.Forward([x], [t], gamma, alpha);
        double yes = 1 / (1 + Math.Exp(-x)), no = 1 / (1 + Math.Exp(x)), rest = (no * t) + (yes * (1 - t));
        double side = alpha is { } a ? (a * t) + ((1 - a) * (1 - t)) : 1;
        double error = 1 + (gamma * (1 + Math.Abs(Math.Log(rest))));
        double entropy = ReferenceBinaryCrossEntropy.Forward([x], [t]), slope = ((1 - t) * yes) + (t * no);
        double size = side * Math.Pow(rest, gamma) * (slope + (gamma * yes * no / rest * entropy));
        return new Expected(loss, loss * error, dx[0], size * error);
    }

    private readonly record struct Expected(double Loss, double LossSize, double Gradient, double GradientSize);
}
