using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the optimizer steps of every tier against the reference, for parameters and state, in the middle of a run and at its start.
/// </summary>
public sealed unsafe class OptimizerSweep : IKernelSweep
{
    private readonly IReadOnlyList<OptimizerKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public OptimizerSweep()
        : this(OptimizerKernels.All)
    {
    }

    internal OptimizerSweep(IReadOnlyList<OptimizerKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Optimizer";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (OptimizerKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach (int length in VectorSizes.Of(depth))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    foreach (int step in new[] { 1, 2, 1000 })
                        Run(tally, set, operation, length, step);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Run(KernelTally tally, OptimizerKernels set, string operation, int length, int step)
    {
        // Even lengths decay, odd lengths do not; the state is zero before the first step.
        float l2 = length % 2 == 0 ? 0.01f : 0f;
        float[] weights = SeededData.Uniform(length, length);
        float[] gradient = SeededData.Uniform(length, length + 10_000);
        float[] first = step == 1 ? new float[length] : SeededData.Uniform(length, length + 20_000);
        float[] second = step == 1
            ? new float[length]
            : Array.ConvertAll(SeededData.Uniform(length, length + 30_000), v => (v * v) + 1e-3f);
        switch (operation)
        {
            case "Sgd":
                Sgd(tally, set, new State(weights, gradient, first, second), l2, step == 1 ? 0f : 0.9f);
                break;
            case "Adam":
                Adam(tally, set, new State(weights, gradient, first, second), l2, step, decoupled: false);
                break;
            case "AdamW":
                Adam(tally, set, new State(weights, gradient, first, second), l2, step, decoupled: true);
                break;
            default:
                throw new InvalidOperationException($"The optimizer sweep does not know the operation {operation}.");
        }
    }

    private static void Sgd(KernelTally tally, OptimizerKernels set, State state, float l2, float momentum)
    {
        const float Rate = 0.05f;
        using var w = new GuardedBuffer<float>(state.Weights, state.Side);
        using var g = new GuardedBuffer<float>(state.Gradient, state.Side);
        using var v = new GuardedBuffer<float>(state.First, state.Side);
        var step = new SgdRule(Rate, momentum, l2);
        set.For<SgdRule>().Run(w.Pointer, g.Pointer, v.Pointer, null, state.Weights.Length, &step);

        double[] weights = SeededData.ToDouble(state.Weights);
        double[] velocity = SeededData.ToDouble(state.First);
        ReferenceSgd.Step(weights, SeededData.ToDouble(state.Gradient), velocity, Rate, momentum, l2);
        double[] magnitude = SeededData.ToMagnitude(state.Weights);
        double[] velocityMagnitude = SeededData.ToMagnitude(state.First);
        ReferenceSgd.Step(magnitude, SeededData.ToMagnitude(state.Gradient), velocityMagnitude, -Rate, momentum, l2);
        ErrorMeasure error = ErrorBound.Measure(w.Span, weights, magnitude, 3)
            .Max(ErrorBound.Measure(v.Span, velocity, velocityMagnitude, 3));
        Add(tally, $"length {state.Weights.Length}, momentum {momentum}, l2 {l2}", error, w, g, v);
    }

    private static void Adam(KernelTally tally, OptimizerKernels set, State state, float decay, int step, bool decoupled)
    {
        const float Rate = 1e-3f;
        const float Beta1 = 0.9f;
        const float Beta2 = 0.999f;
        const float Epsilon = 1e-8f;
        using var w = new GuardedBuffer<float>(state.Weights, state.Side);
        using var g = new GuardedBuffer<float>(state.Gradient, state.Side);
        using var m = new GuardedBuffer<float>(state.First, state.Side);
        using var v = new GuardedBuffer<float>(state.Second, state.Side);
        float l2 = decoupled ? 0 : decay;
        float weightDecay = decoupled ? decay : 0;
        var numbers = new AdamWRule(AdamRule.Create(step, Rate, Beta1, Beta2, Epsilon, l2), 1 - (Rate * weightDecay));
        AdamRule adam = numbers.Adam;
        UpdateKernel kernel = decoupled ? set.For<AdamWRule>() : set.For<AdamRule>();
        kernel.Run(w.Pointer, g.Pointer, m.Pointer, v.Pointer, state.Weights.Length, decoupled ? &numbers : &adam);

        double[] weights = SeededData.ToDouble(state.Weights);
        double[] first = SeededData.ToDouble(state.First);
        double[] second = SeededData.ToDouble(state.Second);
        if (decoupled)
            ReferenceAdamW.Step(weights, SeededData.ToDouble(state.Gradient), first, second, step, Rate, Beta1, Beta2, Epsilon,
                weightDecay);
        else
            ReferenceAdam.Step(weights, SeededData.ToDouble(state.Gradient), first, second, step, Rate, Beta1, Beta2, Epsilon, l2);
        double[] firstMagnitude = SeededData.ToMagnitude(state.First);
        double[] secondMagnitude = SeededData.ToMagnitude(state.Second);
        double[] magnitude = SeededData.ToMagnitude(state.Weights);
        ReferenceAdam.Step((double[])magnitude.Clone(), SeededData.ToMagnitude(state.Gradient), firstMagnitude, secondMagnitude, step, Rate,
            Beta1, Beta2, Epsilon, l2);
        for (int i = 0; i < magnitude.Length; i++)
            magnitude[i] += UpdateMagnitude(first[i], firstMagnitude[i], second[i], secondMagnitude[i], step);

        ErrorMeasure error = ErrorBound.Measure(w.Span, weights, magnitude, 8)
            .Max(ErrorBound.Measure(m.Span, first, firstMagnitude, 4))
            .Max(ErrorBound.Measure(v.Span, second, secondMagnitude, 6));
        Add(tally, $"length {state.Weights.Length}, step {step}, decay {decay}", error, w, g, m, v);

        // How the errors of both moments reach rate·m̂ / (√v̂ + ε), to first order.
        static double UpdateMagnitude(double m, double mMagnitude, double v, double vMagnitude, int step)
        {
            double rate = Rate / (1 - Math.Pow(Beta1, step));
            double root = Math.Sqrt(v / (1 - Math.Pow(Beta2, step)));
            double divisor = root + Epsilon;
            double rootMagnitude = v == 0 ? 0 : root * vMagnitude / v;
            return rate * ((mMagnitude / divisor) + (Math.Abs(m) * (rootMagnitude + divisor) / (divisor * divisor)));
        }
    }

    private static void Add(KernelTally tally, string name, ErrorMeasure error, params ReadOnlySpan<GuardedBuffer<float>> buffers)
    {
        foreach (GuardedBuffer<float> buffer in buffers)
        {
            if (!buffer.SlackIsIntact)
            {
                tally.Fail(name, "wrote outside its parameters or state");
                return;
            }
        }

        tally.Add(name, error);
    }

    private sealed record State(float[] Weights, float[] Gradient, float[] First, float[] Second)
    {
        public GuardSide Side => Weights.Length % 2 == 0 ? GuardSide.After : GuardSide.Before;
    }
}
