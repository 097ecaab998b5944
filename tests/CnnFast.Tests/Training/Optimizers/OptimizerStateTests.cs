using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>What the state of an optimizer does around its updates: groups, limits, its memory as tensors, averages of weights.</summary>
public sealed class OptimizerStateTests
{
    private static readonly ImageDataset s_data = TinyData.Create(64);

    [Fact]
    public void The_first_group_that_fits_decides_the_learning_rate_and_the_decay()
    {
        Model model =
            new Sequential(new Flatten(), new Dense(4), new BatchNormalization(), new Dense(4)).Build(new Shape(8, 6, 1), seed: 1);
        ParameterGroup[] groups =
        [
            new("dense_1.*", ParameterRole.Bias) { LearningRateFactor = 0 },
            new("dense_?.filter") { LearningRateFactor = 0.5f },
            new("*.beta") { DecayFactor = 2, LearningRateFactor = 3 },
        ];
        var optimizer = new Recording();
        using var run = new Steps(model, new OptimizerState(optimizer, model.Parameters, groups));
        run.Step();
        Dictionary<string, OptimizerStep> seen = optimizer.Of(model);
        Assert.Equal((0.5f, 0.25f, 1f), Numbers(seen["dense_1.filter"]));
        Assert.Equal((0, 0, 0), Numbers(seen["dense_1.bias"]));
        Assert.Equal((1, 0, 0), Numbers(seen["dense_2.bias"]));
        Assert.Equal((3, 0.5f, 2), Numbers(seen["batch_normalization_1.beta"]));
        Assert.Equal((1, 0, 0), Numbers(seen["batch_normalization_1.gamma"]));

        static (float, float, float) Numbers(OptimizerStep step) => (step.LearningRate, step.L2, step.DecayFactor);
    }

    [Fact]
    public void Groups_that_fit_nothing_or_are_out_of_range_are_named()
    {
        Model model = TinyData.Net();
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            new OptimizerState(new Adam(), model.Parameters, [new("*"), new("conv9*", ParameterRole.Filter)]));
        Assert.StartsWith("ParameterGroup 'conv9*' of role Filter fits no parameter; expected a pattern of their names: conv2d_1.filter, ",
            error.Message, StringComparison.Ordinal);
        Assert.StartsWith("ParameterGroup 'conv2d_1.*' of role Filter: every parameter that it fits is in an earlier group, such as '*'; " +
            "expected special groups before general ones.",
            Assert.Throws<ArgumentException>(() => new OptimizerState(new Adam(), model.Parameters,
                [new("dense_1.*"), new("*"), new("conv2d_1.*", ParameterRole.Filter)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("ParameterGroup 'a': role is Mean; expected Filter, Bias or Scale.",
            Assert.Throws<ArgumentException>(() => new ParameterGroup("a", ParameterRole.Mean)).Message, StringComparison.Ordinal);
        Assert.StartsWith("ParameterGroup 'a': DecayFactor is -1; expected a finite number of at least 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                new ParameterGroup("a") { DecayFactor = -1 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("GradientClipping: MaxNorm is 0; expected a finite number above 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new GradientClipping { MaxNorm = 0 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ParameterGroup(""));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gradients_are_limited_by_value_and_then_by_norm(int threads)
    {
        Model model = TinyData.Net(dropout: 0);
        using var run = new Steps(model, new OptimizerState(new Recording(), model.Parameters), threads);
        run.Gradients();
        float[][] before = run.Copy();
        double norm = Math.Sqrt(before.Sum(gradient => gradient.Sum(value => (double)value * value)));

        run.State.Clipping = new GradientClipping { MaxNorm = (float)norm * 2 };
        run.Apply();
        Assert.Equal(norm, run.State.GradientNorm!.Value, 1e-12 * norm);
        Assert.Equal(before, run.Copy());

        run.State.Clipping = new GradientClipping { MaxNorm = (float)norm / 2 };
        run.Apply();
        float factor = (float)((float)norm / 2 / (run.State.GradientNorm.Value + 1e-6));
        Assert.Equal(before.Select(gradient => Array.ConvertAll(gradient, value => value * factor)), run.Copy());

        float limit = before.Max(gradient => gradient.Max()) / 3;
        run.Gradients();
        run.State.Clipping = new GradientClipping { MaxValue = limit, MaxNorm = 1e6f };
        run.Apply();
        float[][] clamped = [.. before.Select(gradient => Array.ConvertAll(gradient, value => Math.Clamp(value, -limit, limit)))];
        Assert.Equal(clamped, run.Copy());
        Assert.Equal(Math.Sqrt(clamped.Sum(gradient => gradient.Sum(value => (double)value * value))), run.State.GradientNorm.Value, 1e-6);
    }

    [Fact]
    public void A_norm_that_is_not_finite_names_the_parameter_and_changes_no_weight()
    {
        Model model = TinyData.Net(dropout: 0);
        using var run = new Steps(model, new OptimizerState(new Adam(), model.Parameters)
        {
            Clipping = new GradientClipping { MaxNorm = 1 },
        });
        byte[] before = TinyData.Bits(model);
        run.Gradients();
        run.Training.Gradients[model.Parameters[2]][1] = float.NaN;
        NotFiniteNumberException error = Assert.Throws<NotFiniteNumberException>(run.Apply);
        Assert.Equal($"Trainer: the gradient of '{model.Parameters[2].Name}' at step 1 has the norm NaN; " +
            "expected a finite number: lower the learning rate or check the inputs.", error.Message);
        Assert.Equal((double.NaN, 0), (run.State.GradientNorm, run.State.Steps));
        Assert.Equal(before, TinyData.Bits(model));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_remembered_can_be_carried_to_another_state_to_the_bit(string name)
    {
        Optimizer optimizer = Optimizers.Create(name, weightDecay: 0.01f);
        Model whole = TinyData.Net(dropout: 0), parted = TinyData.Net(dropout: 0);
        using var one = new Steps(whole, new OptimizerState(optimizer, whole.Parameters));
        using var first = new Steps(parted, new OptimizerState(optimizer, parted.Parameters));
        for (int i = 0; i < 3; i++)
        {
            one.Step();
            first.Step();
        }

        var state = new OptimizerState(optimizer, parted.Parameters) { Steps = first.State.Steps, Epochs = first.State.Epochs };
        foreach (var (from, to) in first.State.Tensors.Zip(state.Tensors))
        {
            Assert.Equal((from.Name, from.Shape), (to.Name, to.Shape));
            Assert.Equal(from.Shape.ElementCount, from.Values.Length);
            from.Values.CopyTo(to.Values);
        }

        using var second = new Steps(parted, state);
        for (int i = 0; i < 2; i++)
        {
            one.Step();
            second.Step();
        }

        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(parted));
        Assert.Equal(5, second.State.Steps);
        Assert.Equal([5, 0], state.Tensors.Single(tensor => tensor.Name == $"{parted.Parameters[0].Name}/steps").Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_optimizer_learns_with_the_same_bits_at_any_number_of_threads(string name)
    {
        byte[]? bits = null;
        foreach (int threads in new[] { 1, 3 })
        {
            Model model = TinyData.Net(dropout: 0);
            FitResult result = new Trainer(model, Optimizers.Create(name.ToUpperInvariant(), name == "lion" ? 1e-3f : null))
                .Train(s_data, new FitOptions { Epochs = 12, BatchSize = 8, MaxThreads = threads });
            Assert.True(result.Epochs[^1].TrainLoss < 0.9 * result.Epochs[0].TrainLoss, $"{name}: {result.Epochs[^1].TrainLoss}");
            bits ??= TinyData.Bits(model);
            Assert.Equal(bits, TinyData.Bits(model));
        }
    }

    [Fact]
    public void A_parameter_that_was_frozen_begins_with_step_1()
    {
        Model model = TinyData.Net(dropout: 0);
        var optimizer = new Recording();
        using var run = new Steps(model, new OptimizerState(optimizer, model.Parameters));
        model.Parameters[1].Trainable = false;
        run.Step();
        model.Parameters[1].Trainable = true;
        run.Step();
        Dictionary<string, OptimizerStep> seen = optimizer.Of(model);
        Assert.Equal((2, 1), (seen[model.Parameters[0].Name].Step, seen[model.Parameters[1].Name].Step));
    }

    [Fact]
    public void Decay_is_in_the_gradient_of_an_optimizer_that_does_not_add_it()
    {
        Model model = TinyData.Net(dropout: 0), other = TinyData.Net(dropout: 0);
        using var own = new Steps(model, new OptimizerState(new Plain(L2Penalty.Constant(0.5f)), model.Parameters));
        using var sgd = new Steps(other, new OptimizerState(new Sgd(0.25f, l2: L2Penalty.Constant(0.5f)), other.Parameters));
        own.Step();
        sgd.Step();
        foreach ((Parameter a, Parameter b) in model.Parameters.Zip(other.Parameters))
        {
            for (int i = 0; i < a.Values.Length; i++)
                Assert.Equal(b.Values[i], a.Values[i], 1e-6f);
        }
    }

    [Fact]
    public void Statistics_move_by_themselves_for_steps_of_several_batches()
    {
        Model model =
            new Sequential(new Flatten(), new Dense(4), new BatchNormalization(), new Dense(4)).Build(new Shape(8, 6, 1), seed: 1);
        using var run = new Steps(model, new OptimizerState(new Sgd(0.1f), model.Parameters));
        Parameter mean = model.Parameters.First(parameter => parameter.Role == ParameterRole.Mean);
        run.Gradients();
        run.State.MoveStatistics(run.Training.Gradients);
        float[] once = mean.Values.ToArray();
        Assert.NotEqual(new float[4], once);
        run.State.Step(SerialScheduler.Instance, run.Training.Gradients, 64, 1, moveStatistics: false);
        Assert.Equal(once, mean.Values.ToArray());
    }

    [Fact]
    public void The_factory_knows_its_names()
    {
        Assert.Equal("Optimizers: there is no 'sdg'; expected sgd, momentum, nesterov, adam, amsgrad, adamw, rmsprop, adagrad, lion. " +
            "(Parameter 'name')", Assert.Throws<ArgumentException>(() => Optimizers.Create("sdg")).Message);
        Assert.All(Optimizers.Names, name => Assert.Equal(0.25f, Optimizers.Create(name, 0.25f).LearningRate));
        Assert.All(Optimizers.Names, name => Assert.Equal(0.5f, Optimizers.Create(name, 0.25f, 0.5f).WithLearningRate(0.5f).LearningRate));
        Assert.StartsWith("Sgd: nesterov is true with momentum 0.9 and dampening 0.5; expected a momentum above 0 and no dampening.",
            Assert.Throws<ArgumentException>(() => new Sgd(1, 0.9f, dampening: 0.5f, nesterov: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_average_follows_the_weights_and_trades_places_with_them()
    {
        Model model =
            new Sequential(new Flatten(), new Dense(4), new BatchNormalization(), new Dense(4)).Build(new Shape(8, 6, 1), seed: 1);
        using var run = new Steps(model, new OptimizerState(new Sgd(0.1f), model.Parameters));
        var average = new WeightAverageState(new WeightAverage(0.5f) { WarmUp = false }, model.Parameters);
        float[][] expected = [.. model.Parameters.Select(parameter => parameter.Values.ToArray())];
        model.Parameters[1].Trainable = false;
        for (int i = 0; i < 3; i++)
        {
            run.Step();
            average.Update(SerialScheduler.Instance);
            for (int p = 0; p < expected.Length; p++)
            {
                for (int j = 0; j < expected[p].Length; j++)
                    expected[p][j] += 0.5f * (model.Parameters[p].Values[j] - expected[p][j]);
            }
        }

        byte[] trained = TinyData.Bits(model);
        float[] frozen = model.Parameters[1].Values.ToArray();
        average.Swap();
        Assert.Equal(frozen, model.Parameters[1].Values.ToArray());
        for (int p = 0; p < expected.Length; p++)
        {
            for (int j = 0; j < expected[p].Length; j++)
                Assert.Equal(expected[p][j], model.Parameters[p].Values[j], 1e-6f);
        }

        Assert.Equal("WeightAverage: the model holds the averages; expected the trained weights before a step.",
            Assert.Throws<InvalidOperationException>(() => average.Update(SerialScheduler.Instance)).Message);
        average.Swap();
        Assert.Equal(trained, TinyData.Bits(model));
        Assert.Equal((3, $"{model.Parameters[0].Name}/average"), (average.Steps, average.Tensors.First().Name));
    }

    [Fact]
    public void The_decay_of_an_average_rises()
    {
        var average = new WeightAverage(0.99f);
        Assert.Equal([0.1f, 2f / 11, 11f / 20, 0.99f], new long[] { 0, 1, 10, 10_000 }.Select(average.DecayAt));
        Assert.Equal(0.99f, (average with { WarmUp = false }).DecayAt(0));
        Assert.StartsWith("WeightAverage: decay is 1; expected at least 0 and below 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new WeightAverage(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_with_limits_and_an_average_allocates_nothing()
    {
        Model model = TinyData.Net(dropout: 0);
        using var run = new Steps(model, new OptimizerState(new RmsProp(centered: true), model.Parameters)
        {
            Clipping = new GradientClipping { MaxNorm = 0.1f, MaxValue = 0.5f },
        });
        var average = new WeightAverageState(new WeightAverage(), model.Parameters);
        run.Gradients();
        for (int i = 0; i < 3; i++)
            Both();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Both();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Both()
        {
            run.Apply();
            average.Update(SerialScheduler.Instance);
        }
    }

    public static TheoryData<string> All => [.. Optimizers.Names];

    /// <summary>Steps on the same 64 images again and again.</summary>
    private sealed class Steps : IDisposable
    {
        private readonly Model _model;
        private readonly IWorkScheduler _scheduler;
        private readonly BatchLoader _loader;

        public Steps(Model model, OptimizerState state, int threads = 1)
        {
            _model = model;
            State = state;
            _scheduler = threads == 1 ? SerialScheduler.Instance : WorkScheduler.Create(threads);
            Training = new TrainingSession(new ModelLosses("Test", model, loss: null),
                new TrainingPlanOptions(64, 1, _scheduler, ConvAlgorithm.Auto));
            _loader = new BatchLoader(s_data.Normalized(default), 64, 1, shuffle: false, prefetch: false);
        }

        public TrainingSession Training { get; }

        public OptimizerState State { get; }

        public void Gradients()
        {
            _loader.StartEpoch(0, TestContext.Current.CancellationToken);
            Assert.True(_loader.MoveNext());
            Training.Step = 0;
            Training.Forward(_loader.Current);
            Training.Run(0, _loader.Current, 1);
            Training.Backward();
        }

        public void Apply() => State.Step(_scheduler, Training.Gradients, 64, 1);

        public void Step()
        {
            Gradients();
            Apply();
        }

        public float[][] Copy() => [.. _model.Parameters.Select(parameter => Training.Gradients[parameter].ToArray())];

        public void Dispose() => _loader.Dispose();
    }

    private sealed class Recording() : Optimizer(1, L2Penalty.Constant(0.25f))
    {
        private readonly List<(int Length, OptimizerStep Step)> _seen = [];

        public override bool AddsL2 => true;

        public override Optimizer WithLearningRate(float learningRate) => this;

        public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers) =>
            _seen.Add((weights.Length, numbers));

        /// <summary>What the last step told the parameters, which come in their order.</summary>
        public Dictionary<string, OptimizerStep> Of(Model model)
        {
            string[] names = [.. model.Parameters.Where(p => !p.Info.IsStatistic).Select(parameter => parameter.Name)];
            return names.Zip(_seen.TakeLast(names.Length)).ToDictionary(pair => pair.First, pair => pair.Second.Step);
        }
    }

    private sealed class Plain(L2Penalty l2) : Optimizer(0.25f, l2)
    {
        public override Optimizer WithLearningRate(float learningRate) => this;

        public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
        {
            for (int i = 0; i < weights.Length; i++)
                weights[i] -= numbers.LearningRate * (gradient[i] + (numbers.L2 * weights[i]));
        }
    }
}
