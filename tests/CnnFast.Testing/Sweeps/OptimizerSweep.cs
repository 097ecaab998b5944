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
                        Run(tally, set, operation, new OptimizerCase(length, step));
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Run(KernelTally tally, OptimizerKernels set, string operation, OptimizerCase test)
    {
        const float Rate = OptimizerCase.Rate;
        (float l2, float momentum) = (test.L2, test.Momentum);
        AdamRule adam = AdamRule.Create(test.Step, Rate, OptimizerCase.Beta1, OptimizerCase.Beta2, OptimizerCase.Epsilon, l2);
        AdamRule decoupled = adam with { L2 = 0 };
        float keep = 1 - (Rate * l2);
        var rms = new RmsPropRule(Rate, OptimizerCase.Beta1, 1 - OptimizerCase.Beta1, OptimizerCase.Epsilon, momentum, l2);
        switch (operation)
        {
            case "Sgd":
                Run(tally, set, test, new SgdRule(Rate, momentum, l2) { Fresh = test.Step == 1 ? 1 : 1 - OptimizerCase.Dampening },
                    test.Sgd());
                break;
            case "Nesterov":
                Run(tally, set, test, new NesterovRule(Rate, momentum, l2), test.Nesterov());
                break;
            case "Adam":
                Run(tally, set, test, adam, test.Adam(l2, weightDecay: 0, amsGrad: false));
                break;
            case "AdamW":
                Run(tally, set, test, new AdamWRule(decoupled, keep), test.Adam(l2: 0, weightDecay: l2, amsGrad: false));
                break;
            case "AmsGrad":
                Run(tally, set, test, new AmsGradRule(adam, 1), test.Adam(l2, weightDecay: 0, amsGrad: true));
                Run(tally, set, test, new AmsGradRule(decoupled, keep), test.Adam(l2: 0, weightDecay: l2, amsGrad: true));
                break;
            case "RmsProp":
                Run(tally, set, test, rms, test.RmsProp(centered: false));
                break;
            case "CenteredRmsProp":
                Run(tally, set, test, new CenteredRmsPropRule(rms), test.RmsProp(centered: true));
                break;
            case "Adagrad":
                Run(tally, set, test, new AdagradRule(Rate, OptimizerCase.Epsilon, l2), test.Adagrad());
                break;
            case "Lion":
                Run(tally, set, test, new LionRule(Rate, OptimizerCase.Beta1, 1 - OptimizerCase.Beta1, OptimizerCase.Beta2,
                    1 - OptimizerCase.Beta2, keep), test.Lion());
                break;
            case "WeightAverage":
                Run(tally, set, test, new WeightAverageRule(1 - OptimizerCase.Beta1), test.WeightAverage());
                break;
            default:
                throw new InvalidOperationException($"The optimizer sweep does not know the operation {operation}.");
        }
    }

    private static void Run<TRule>(KernelTally tally, OptimizerKernels set, OptimizerCase test, TRule rule, OptimizerExpectation expected)
        where TRule : unmanaged, IUpdateRule
    {
        GuardSide side = test.Length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        using var w = new GuardedBuffer<float>(test.Weights, side);
        using var g = new GuardedBuffer<float>(test.Gradient, side);
        GuardedBuffer<float>[] states = [.. expected.States.Select(state => new GuardedBuffer<float>(state, side))];
        set.For<TRule>().Run(w.Pointer, g.Pointer, At(0), At(1), At(2), test.Length, &rule);

        string name = $"length {test.Length}, step {test.Step}, momentum {test.Momentum}, decay {test.L2}";
        ErrorMeasure error = ErrorMeasure.None;
        foreach ((GuardedBuffer<float> buffer, ExpectedTensor tensor) in states.Prepend(w).Zip(expected.Tensors))
            error = error.Max(tensor.Measure(buffer.Span));
        if (states.Prepend(g).Prepend(w).All(buffer => buffer.SlackIsIntact))
            tally.Add(name, error);
        else
            tally.Fail(name, "wrote outside its parameters or state");
        foreach (GuardedBuffer<float> state in states)
            state.Dispose();

        float* At(int index) => index < states.Length ? states[index].Pointer : null;
    }
}
