using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// A loss that is a sum over elements. It is summed in float within blocks of a fixed number of elements, then in double over the blocks in
/// order, so its bits do not depend on threads. Immutable and thread-safe; Run allocates nothing.
/// </summary>
/// <typeparam name="TLoss">The loss.</typeparam>
internal sealed unsafe class ElementLossOperator<TLoss>
    where TLoss : unmanaged, IElementLoss
{
    private const int MaxParts = 256;
    private const int MinPart = 4096;
    private const int Block = 1024;

    // An exponential, a logarithm and three divisions at most.
    private const long CostPerElement = 48;

    private readonly LossKernel _kernel;

    private ElementLossOperator(LossKernels kernels) => _kernel = kernels.For<TLoss>();

    /// <summary>That of the best tier, chosen when it is first asked for.</summary>
    public static ElementLossOperator<TLoss> Default => field ??= Create();

    /// <summary>Chooses the kernel.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ElementLossOperator<TLoss> Create(IsaLevel? isa = null) => new(KernelSelection.Choose(LossKernels.All, isa));

    /// <summary>Uses a kernel that the caller chose.</summary>
    public static ElementLossOperator<TLoss> Create(LossKernels kernels) => new(kernels);

    /// <summary>The losses of outputs.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="loss">The options of the loss.</param>
    /// <param name="a">Outputs, targets, weights and where the gradient goes.</param>
    /// <returns>The weighted sum of the losses of all elements.</returns>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither 0 nor 1.</exception>
    public double Run(IWorkScheduler s, in TLoss loss, in ElementLossArguments a)
    {
        Check(a);
        int length = a.Outputs.Length, perSample = length / a.Count;
        int partLength = (int)Math.Max(MinPart, ((long)length + MaxParts - 1) / MaxParts);
        partLength = (partLength + Block - 1) / Block * Block;
        int parts = (int)(((long)length + partLength - 1) / partLength);
        TLoss options = loss;
        double* losses = stackalloc double[MaxParts];
        fixed (float* px = a.Outputs, pt = a.Targets, pw = a.SampleWeights, pp = a.PositiveWeights, pdx = a.Gradient)
        fixed (int* pl = a.Labels)
        {
            var all = new LossElements { Outputs = px, Targets = pt, Weights = pw, PositiveWeights = pp, Gradient = pdx, Scale = a.Scale };
            s.Run(parts, length * CostPerElement,
                new PartAction(_kernel, &all, pl, &options, new Cut(length, partLength, perSample, a.PositiveWeights.Length), losses));
        }

        double total = 0;
        for (int part = 0; part < parts; part++)
            total += losses[part];
        return total;
    }

    private static void Check(in ElementLossArguments a)
    {
        string who = TLoss.Name;
        if (a.Count < 1 || a.Outputs.Length % a.Count != 0)
            throw new ShapeException($"{who}: {a.Outputs.Length} outputs were given for {a.Count} samples, expected a multiple.");
        if (a.Labels.IsEmpty)
            OperatorChecks.Length(who, "targets", a.Targets.Length, a.Outputs.Length);
        else
            OperatorChecks.Length(who, "labels", a.Labels.Length, a.Outputs.Length);
        if (!a.SampleWeights.IsEmpty)
            OperatorChecks.Length(who, "sample weights", a.SampleWeights.Length, a.Count);
        if (!a.PositiveWeights.IsEmpty && a.Outputs.Length / a.Count % a.PositiveWeights.Length != 0)
            throw new ShapeException(
                $"{who}: {a.PositiveWeights.Length} positive weights were given for {a.Outputs.Length / a.Count} outputs, " +
                "expected a divisor.");
        if (!a.Gradient.IsEmpty)
            OperatorChecks.Length(who, "gradient", a.Gradient.Length, a.Outputs.Length);
        int bad = a.Labels.IndexOfAnyExceptInRange(0, 1);
        if (bad >= 0)
            throw new ArgumentOutOfRangeException(null, $"{who}: label {a.Labels[bad]} at {bad} was given; expected 0 or 1.");
    }

    private readonly record struct Cut(int Length, int PartLength, int PerSample, int PositiveWeights);

    private readonly struct PartAction(LossKernel kernel, LossElements* all, int* labels, TLoss* loss, Cut cut, double* losses)
        : IRangeAction
    {
        private readonly LossElements* _all = all;
        private readonly int* _labels = labels;
        private readonly TLoss* _loss = loss;
        private readonly double* _losses = losses;

        public void Invoke(int index, int worker)
        {
            float* scratch = stackalloc float[3 * Block];
            int start = index * cut.PartLength;
            int end = Math.Min(cut.Length - start, cut.PartLength) + start;
            double total = 0;
            for (int i = start; i < end; i += Block)
            {
                int count = Math.Min(Block, end - i);
                LossElements block = At(i, count, scratch);
                total += kernel.Run(&block, count, _loss);
            }

            _losses[index] = total;
        }

        // What is one number for several elements, or a label, becomes a number an element.
        private LossElements At(int start, int count, float* scratch)
        {
            LossElements block = *_all;
            block.Outputs += start;
            block.Gradient = block.Gradient is null ? null : block.Gradient + start;
            if (_labels is null)
            {
                block.Targets += start;
            }
            else
            {
                block.Targets = scratch;
                for (int i = 0; i < count; i++)
                    scratch[i] = _labels[start + i];
            }

            if (block.Weights is not null)
                block.Weights = cut.PerSample == 1 ? block.Weights + start : Spread(block.Weights, start, count, scratch + Block);
            if (block.PositiveWeights is not null)
                block.PositiveWeights = Repeat(block.PositiveWeights, start, count, scratch + (2 * Block));
            return block;
        }

        private float* Spread(float* weights, int start, int count, float* to)
        {
            for (int i = 0; i < count;)
            {
                int sample = (start + i) / cut.PerSample;
                int run = (int)Math.Min(count - i, ((sample + 1L) * cut.PerSample) - start - i);
                new Span<float>(to + i, run).Fill(weights[sample]);
                i += run;
            }

            return to;
        }

        private float* Repeat(float* weights, int start, int count, float* to)
        {
            int next = start % cut.PositiveWeights;
            for (int i = 0; i < count; i++)
            {
                to[i] = weights[next];
                next = next + 1 == cut.PositiveWeights ? 0 : next + 1;
            }

            return to;
        }
    }
}
