using CnnFast.Reference;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Every optimizer walks where PyTorch's walks, for 20 steps from awkward weights: the references and the library.</summary>
public sealed class OptimizerTrajectoryTests
{
    private static readonly OptimizerTrajectories s_golden = OptimizerTrajectories.Shared;

    public static TheoryData<string> Names => [.. s_golden.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_reference_walks_where_PyTorch_walks(string name)
    {
        double[] weights = Array.ConvertAll(s_golden.Start, value => (double)value);
        double[] first = new double[weights.Length], second = new double[weights.Length], third = new double[weights.Length];
        Dictionary<string, float> o = OptimizerTrajectories.Options(name);
        if (name.StartsWith("adagrad", StringComparison.Ordinal))
            first.AsSpan().Fill(o["initial"]);
        double[][] expected = s_golden.StepsOf(name);
        for (int t = 0; t < expected.Length; t++)
        {
            double[] g = Array.ConvertAll(s_golden.Gradients[t], value => (double)value);
            Step(name.Split(' ')[0], o, t + 1, weights, g, first, second, third);
            for (int i = 0; i < weights.Length; i++)
                Assert.True(Math.Abs(weights[i] - expected[t][i]) <= 2e-10 * Math.Abs(expected[t][i]) + 1e-28,
                    $"{name}: weight {i} after step {t + 1} is {weights[i]:G17}; PyTorch has {expected[t][i]:G17}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_optimizer_walks_where_PyTorch_walks(string name)
    {
        Optimizer optimizer = Create(name.Split(' ')[0], OptimizerTrajectories.Options(name));
        float[] weights = [.. s_golden.Start];
        AlignedBuffer<float>[] tensors = [.. optimizer.StateNames.Select(_ => new AlignedBuffer<float>(weights.Length))];
        double[][] expected = s_golden.StepsOf(name);
        double[] reach = Array.ConvertAll(weights, value => Math.Abs((double)value));
        for (int t = 0; t < expected.Length; t++)
        {
            var step = new OptimizerStep
            {
                Step = t + 1,
                LearningRate = optimizer.LearningRate,
                L2 = optimizer.L2.Lambda,
                DecayFactor = 1,
            };
            optimizer.Update(weights, s_golden.Gradients[t], new OptimizerTensors(optimizer, [.. optimizer.StateNames], tensors, 0,
                weights.Length),
                step);
            for (int i = 0; i < weights.Length; i++)
            {
                // 20 steps of a few roundings each, relative to the largest that a weight has been.
                reach[i] = Math.Max(reach[i], Math.Abs(expected[t][i]));
                Assert.True(Math.Abs(weights[i] - expected[t][i]) <= 3e-6 * reach[i],
                    $"{name}: weight {i} after step {t + 1} is {weights[i]:G9}; PyTorch has {expected[t][i]:G17}");
            }
        }
    }

    private static void Step(string optimizer, Dictionary<string, float> o, int t, double[] w, double[] g, double[] first, double[] second,
        double[] third)
    {
        switch (optimizer)
        {
            case "sgd":
                ReferenceSgd.Step(w, g, first, o["rate"], o["momentum"], o["decay"], t == 1 ? 0 : o["dampening"], o["nesterov"] == 1);
                break;
            case "adam":
                ReferenceAdam.Step(w, g, first, second, t, o["rate"], o["beta1"], o["beta2"], o["epsilon"], o["decay"],
                    o["amsgrad"] == 1 ? third : []);
                break;
            case "adamw":
                ReferenceAdamW.Step(w, g, first, second, t, o["rate"], o["beta1"], o["beta2"], o["epsilon"], o["decay"],
                    o["amsgrad"] == 1 ? third : []);
                break;
            case "rmsprop":
                ReferenceRmsProp.Step(w, g, first, second, o["centered"] == 1 ? third : [], o["rate"], o["alpha"], o["epsilon"],
                    o["momentum"], o["decay"]);
                break;
            case "adagrad":
                ReferenceAdagrad.Step(w, g, first, t, o["rate"], o["rateDecay"], o["epsilon"], o["decay"]);
                break;
            default:
                ReferenceLion.Step(w, g, first, o["rate"], o["beta1"], o["beta2"], o["decay"]);
                break;
        }
    }

    private static Optimizer Create(string optimizer, Dictionary<string, float> o)
    {
        var l2 = L2Penalty.Constant(o["decay"]);
        return optimizer switch
        {
            "sgd" => new Sgd(o["rate"], o["momentum"], l2, o["dampening"], o["nesterov"] == 1),
            "adam" => new Adam(o["rate"], o["beta1"], o["beta2"], o["epsilon"], l2, o["amsgrad"] == 1),
            "adamw" => new AdamW(o["rate"], o["beta1"], o["beta2"], o["epsilon"], o["decay"], o["amsgrad"] == 1),
            "rmsprop" => new RmsProp(o["rate"], o["alpha"], o["epsilon"], o["momentum"], o["centered"] == 1, l2),
            "adagrad" => new Adagrad(o["rate"], o["rateDecay"], o["initial"], o["epsilon"], l2),
            _ => new Lion(o["rate"], o["beta1"], o["beta2"], o["decay"]),
        };
    }
}
