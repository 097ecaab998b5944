using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Soft Dice loss of every sample, 1 − 1/C · Σ (2·Σ p·t + s) / (Σ p + Σ t + s) over its C classes, the inner sums over pixels in double in
/// their order. Samples are the parts of the work, so the bits do not depend on threads. Immutable and thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class DiceOperator
{
    /// <summary>The most classes.</summary>
    public const int MaxClasses = 1024;

    private const string Name = "Dice";
    private const int Block = 1024;
    private const long CostPerElement = 64;

    private readonly SoftmaxKernels _softmax;
    private readonly FunctionKernel _sigmoid;

    private DiceOperator(SoftmaxKernels softmax, FunctionKernels functions)
    {
        _softmax = softmax;
        _sigmoid = functions.For(ElementFunctions.Sigmoid);
    }

    /// <summary>That of the best tier, chosen when it is first asked for.</summary>
    public static DiceOperator Default => field ??= Create();

    /// <summary>Chooses the kernels.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static DiceOperator Create(IsaLevel? isa = null) =>
        new(KernelSelection.Choose(SoftmaxKernels.All, isa), KernelSelection.Choose(FunctionKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static DiceOperator Create(SoftmaxKernels softmax, FunctionKernels functions) => new(softmax, functions);

    /// <summary>The losses of samples.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="a">Logits, targets, weights and where the gradient goes.</param>
    /// <returns>The weighted sum of the samples' losses.</returns>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is outside the classes.</exception>
    public double Run(IWorkScheduler s, in DiceArguments a)
    {
        Check(a);
        double* losses = stackalloc double[Math.Min(a.Count, Block)];
        double total = 0;
        fixed (float* px = a.Logits, pt = a.Targets, pw = a.SampleWeights, pdx = a.Gradient)
        fixed (int* pl = a.Labels)
        {
            var action = new SampleAction
            {
                Softmax = _softmax,
                Sigmoid = _sigmoid,
                IsSoftmax = a.IsSoftmax,
                Classes = a.Classes,
                Pixels = a.Logits.Length / a.Count / a.Classes,
                Ignored = a.IgnoredLabel ?? -1,
                Smoothing = a.Smoothing,
                Scale = a.Scale,
                X = px,
                Targets = pt,
                Labels = pl,
                Weights = pw,
                Dx = pdx,
                Losses = losses,
            };
            for (action.First = 0; action.First < a.Count; action.First += Block)
            {
                int count = Math.Min(Block, a.Count - action.First);
                s.Run(count, (long)count * action.Pixels * a.Classes * CostPerElement, action);
                for (int sample = 0; sample < count; sample++)
                    total += losses[sample];
            }
        }

        return total;
    }

    private static void Check(in DiceArguments a)
    {
        if (a.Classes is < 1 or > MaxClasses)
            throw new ShapeException($"{Name}: {a.Classes} classes were given, expected 1 to {MaxClasses}.");
        if (a.Count < 1 || a.Logits.IsEmpty || a.Logits.Length % ((long)a.Count * a.Classes) != 0)
            throw new ShapeException($"{Name}: {a.Logits.Length} logits were given for {a.Count} samples of {a.Classes} classes, " +
                "expected a multiple.");
        if (a.Labels.IsEmpty)
            OperatorChecks.Length(Name, "targets", a.Targets.Length, a.Logits.Length);
        else
            OperatorChecks.Length(Name, "labels", a.Labels.Length, a.IsSoftmax ? a.Logits.Length / a.Classes : a.Logits.Length);
        if (!a.SampleWeights.IsEmpty)
            OperatorChecks.Length(Name, "sample weights", a.SampleWeights.Length, a.Count);
        if (!a.Gradient.IsEmpty)
            OperatorChecks.Length(Name, "gradient", a.Gradient.Length, a.Logits.Length);
        int last = a.IsSoftmax ? a.Classes - 1 : 1;
        foreach (int label in a.Labels)
        {
            if ((uint)label > (uint)last && label != a.IgnoredLabel)
                throw new ArgumentOutOfRangeException(null, $"{Name}: label {label} was given; expected 0 to {last}.");
        }
    }

    private struct SampleAction : IRangeAction
    {
        public SoftmaxKernels Softmax;
        public FunctionKernel Sigmoid;
        public bool IsSoftmax;
        public int Classes;
        public int Pixels;
        public int Ignored;
        public int First;
        public float Smoothing;
        public float Scale;
        public float* X;
        public float* Targets;
        public int* Labels;
        public float* Weights;
        public float* Dx;
        public double* Losses;

        public readonly void Invoke(int index, int worker)
        {
            int sample = First + index;
            float weight = Weights is null ? 1f : Weights[sample];
            nint start = (nint)sample * Pixels * Classes;
            if (weight == 0f)
            {
                Losses[index] = 0;
                if (Dx is not null)
                    new Span<float>(Dx + start, Pixels * Classes).Clear();
                return;
            }

            // For every class Σ p·t and Σ p + Σ t.
            double* both = stackalloc double[2 * Classes];
            double* sums = both + Classes;
            new Span<double>(both, 2 * Classes).Clear();
            Sum(sample, both, sums);
            double coefficients = 0;
            for (int c = 0; c < Classes; c++)
                coefficients += ((2 * both[c]) + Smoothing) / (sums[c] + Smoothing);
            Losses[index] = weight * (1 - (coefficients / Classes));
            if (Dx is null)
                return;

            // The derivative by p is (b − a·t) · scale; Σ p·t and the sums become a and b.
            double scale = (double)Scale * weight / Classes;
            for (int c = 0; c < Classes; c++)
            {
                double denominator = sums[c] + Smoothing;
                sums[c] = scale * ((2 * both[c]) + Smoothing) / (denominator * denominator);
                both[c] = scale * 2 / denominator;
            }

            Differentiate(sample, both, sums);
        }

        private readonly void Sum(int sample, double* both, double* sums)
        {
            int most = Math.Max(1, Block / Classes);
            float* scratch = stackalloc float[Dx is null ? most * Classes : 1];
            for (int first = 0; first < Pixels; first += most)
            {
                int pixels = Math.Min(most, Pixels - first);
                nint pixel = ((nint)sample * Pixels) + first;
                float* p = Dx is null ? scratch : Dx + (pixel * Classes);
                if (IsSoftmax)
                    Softmax.Softmax(X + (pixel * Classes), p, pixels, Classes);
                else
                    Sigmoid.Forward(X + (pixel * Classes), p, (nint)pixels * Classes, 0f, 0f);
                for (int i = 0; i < pixels; i++, pixel++, p += Classes)
                {
                    if (IsIgnored(pixel))
                        continue;
                    for (int c = 0; c < Classes; c++)
                    {
                        float target = Target(pixel, c);
                        both[c] += (double)p[c] * target;
                        sums[c] += (double)p[c] + target;
                    }
                }
            }
        }

        // In place of the probabilities: through the softmax or the sigmoid.
        private readonly void Differentiate(int sample, double* a, double* b)
        {
            nint pixel = (nint)sample * Pixels;
            float* p = Dx + (pixel * Classes);
            for (int i = 0; i < Pixels; i++, pixel++, p += Classes)
            {
                if (IsIgnored(pixel))
                {
                    new Span<float>(p, Classes).Clear();
                    continue;
                }

                double dot = 0;
                for (int c = 0; IsSoftmax && c < Classes; c++)
                    dot += p[c] * (b[c] - (a[c] * Target(pixel, c)));
                for (int c = 0; c < Classes; c++)
                {
                    double slope = b[c] - (a[c] * Target(pixel, c));
                    p[c] = (float)(IsSoftmax ? p[c] * (slope - dot) : slope * p[c] * (1.0 - p[c]));
                }
            }
        }

        private readonly bool IsIgnored(nint pixel) => IsSoftmax && Labels is not null && Labels[pixel] == Ignored;

        private readonly float Target(nint pixel, int c) =>
            Labels is null ? Targets[(pixel * Classes) + c]
            : IsSoftmax ? (Labels[pixel] == c ? 1f : 0f)
            : Labels[(pixel * Classes) + c];
    }
}
