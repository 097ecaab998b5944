using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Optimizers that a user writes: one class, on spans.</summary>
public sealed class UserOptimizerTests
{
    private static readonly ImageDataset s_data = TinyData.Create(96);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_optimizer_of_ones_own_learns(int threads)
    {
        FitResult result = new Trainer(TinyData.Net(dropout: 0), new SignSgd(2e-3f))
            .Train(s_data, new FitOptions { Epochs = 30, BatchSize = 16, MaxThreads = threads });
        Assert.True(result.Epochs[^1].TrainAccuracy > 0.95, $"accuracy {result.Epochs[^1].TrainAccuracy}");
    }

    [Fact]
    public void Parameters_come_in_parts_unless_the_optimizer_wants_them_whole()
    {
        // Three blocks of at most 16384 weights, and a bias.
        var image = new ImageDataset(new Shape(20, 20, 1), 100, new byte[400], [0]);
        foreach (bool elementwise in new[] { true, false })
        {
            Model model = new Sequential(new Flatten(), new Dense(100)).Build(image.ImageShape, seed: 1);
            var optimizer = new Watching(elementwise);
            new Trainer(model, optimizer).Train(image, new FitOptions { MaxThreads = 1 });
            Assert.Equal(elementwise ? [16384, 16384, 40000 - 32768, 100] : [40000, 100], optimizer.Lengths);
            Assert.Equal((1, 0.5f), (optimizer.Last.Step, optimizer.Last.LearningRate));
            Assert.Equal(0.25f, optimizer.FilterDecay);
            Assert.Equal((0, false), (optimizer.Last.L2, optimizer.Last.Decays));
        }
    }

    [Fact]
    public void Tensors_have_names()
    {
        Assert.Equal(
            "Asking: 'v' was asked for; expected one of its StateNames [sum]. (Parameter 'name')",
            Assert.Throws<ArgumentException>(() => new Trainer(TinyData.Net(), new Asking(["sum"], "v")).Train(s_data)).Message);
        Assert.Equal(
            "Asking: StateNames are [sum, sum]; expected each once, and none that is steps. (Parameter 'optimizer')",
            Assert.Throws<ArgumentException>(() => new Trainer(TinyData.Net(), new Asking(["sum", "sum"], "sum"))).Message);
    }

    [Fact]
    public void What_is_remembered_starts_at_zero_and_stays()
    {
        Model model = new Sequential(new Flatten(), new Dense(4)).Build(new Shape(8, 6, 1), seed: 1);
        var trainer = new Trainer(model, new Counting());
        foreach (Parameter parameter in model.Parameters)
            parameter.Assign(new float[parameter.Shape.ElementCount]);
        trainer.Train(s_data, new FitOptions { BatchSize = 48, MaxThreads = 1 });
        trainer.Train(s_data, new FitOptions { BatchSize = 96, MaxThreads = 1 });
        Assert.All(model.Parameters[0].Values.ToArray(), weight => Assert.Equal(1 + 2 + 3, weight));
    }

    /// <summary>w −= learningRate·sign(a running mean of the gradient), after Bernstein and others (2018).</summary>
    private sealed class SignSgd(float learningRate) : Optimizer(learningRate)
    {
        public override IReadOnlyList<string> StateNames => ["momentum"];

        public override Optimizer WithLearningRate(float learningRate) => new SignSgd(learningRate);

        public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
        {
            Span<float> momentum = state["momentum"];
            for (int i = 0; i < weights.Length; i++)
            {
                momentum[i] = (0.9f * momentum[i]) + (0.1f * gradient[i]);
                weights[i] -= numbers.LearningRate * MathF.Sign(momentum[i]);
            }
        }
    }

    private sealed class Watching(bool elementwise) : Optimizer(0.5f, L2Penalty.Constant(0.25f))
    {
        public List<int> Lengths { get; } = [];

        public OptimizerStep Last { get; private set; }

        public float FilterDecay { get; private set; }

        public override bool IsElementwise => elementwise;

        public override bool AddsL2 => true;

        public override Optimizer WithLearningRate(float learningRate) => this;

        public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
        {
            Assert.Equal(weights.Length, gradient.Length);
            Lengths.Add(weights.Length);
            Last = numbers;
            if (numbers.Decays)
                FilterDecay = numbers.L2;
        }
    }

    private sealed class Asking(IReadOnlyList<string> names, string asked) : Optimizer(1)
    {
        public override IReadOnlyList<string> StateNames => names;

        public override Optimizer WithLearningRate(float learningRate) => this;

        public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers) =>
            state[asked].Clear();
    }

    private sealed class Counting() : Optimizer(1)
    {
        public override IReadOnlyList<string> StateNames => ["count"];

        public override Optimizer WithLearningRate(float learningRate) => this;

        public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
        {
            Span<float> count = state["count"];
            for (int i = 0; i < weights.Length; i++)
                weights[i] += ++count[i];
        }
    }
}
