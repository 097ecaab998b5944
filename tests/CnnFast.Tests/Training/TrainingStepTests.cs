using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Reference;
using CnnFast.Testing;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Single steps: optimizers, decay, schedules, shifts, allocation.</summary>
public sealed class TrainingStepTests
{
    private static readonly ImageDataset One = new(new Shape(1, 1, 2), 2, [255, 51], [1]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sgd_with_momentum_and_decay_follows_the_reference(bool perBatch)
    {
        L2Penalty penalty = perBatch ? L2Penalty.PerBatch(0.5f) : L2Penalty.Constant(0.5f);
        var data = new ImageDataset(new Shape(1, 1, 2), 2, [255, 51, 0, 255], [1, 0]);
        double factor = perBatch ? 0.25 : 0.5;
        Model model = Linear();
        Compare(model, new Sgd(0.1f, 0.9f, penalty), data, batch: 2, (step, weights, gradient, state, isFilter) =>
            ReferenceSgd.Step(weights, gradient, state[..weights.Length], 0.1f, 0.9f, isFilter ? factor : 0));
    }

    [Fact]
    public void Adam_follows_the_reference() =>
        Compare(Linear(), new Adam(0.05f, l2: L2Penalty.Constant(0.1f)), One, batch: 1, (step, weights, gradient, state, isFilter) =>
            ReferenceAdam.Step(weights, gradient, state[..weights.Length], state[weights.Length..], step, 0.05f, 0.9f, 0.999f, 1e-8f,
                isFilter ? 0.1f : 0));

    [Fact]
    public void AdamW_follows_the_reference() =>
        Compare(Linear(), new AdamW(0.05f, weightDecay: 0.1f), One, batch: 1, (step, weights, gradient, state, isFilter) =>
        {
            Span<double> m = state[..weights.Length], v = state[weights.Length..];
            ReferenceAdamW.Step(weights, gradient, m, v, step, 0.05f, 0.9f, 0.999f, 1e-8f, isFilter ? 0.1f : 0);
        });

    [Fact]
    public void The_cosine_schedule_rises_falls_and_ends_at_its_final_factor()
    {
        var schedule = new CosineSchedule(warmUp: 0.1f, finalFactor: 0.2f);
        Assert.Equal(1f / 11, schedule.FactorAt(new ScheduleStep(0, 100)), 1e-6f);
        Assert.Equal(10f / 11, schedule.FactorAt(new ScheduleStep(9, 100)), 1e-6f);
        Assert.Equal(1, schedule.FactorAt(new ScheduleStep(10, 100)), 1e-6f);
        Assert.Equal(0.6f, schedule.FactorAt(new ScheduleStep(55, 100)), 1e-6f);
        Assert.Equal(0.2f, schedule.FactorAt(new ScheduleStep(100, 100)), 1e-6f);
        Assert.Equal(1, new ConstantSchedule().FactorAt(new ScheduleStep(70, 100)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(warmUp: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(finalFactor: -1));
    }

    [Fact]
    public void Options_of_optimizers_are_checked()
    {
        Assert.StartsWith("Sgd: learningRate is 0; expected a finite number above 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(1, momentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(beta1: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(weightDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => L2Penalty.Constant(-1));
        Assert.Equal(0.5f, new Sgd(1, 0.3f).WithLearningRate(0.5f).LearningRate);
    }

    [Fact]
    public void A_warm_training_step_on_one_thread_allocates_nothing()
    {
        Model model = TinyData.Net();
        var plan = new SoftmaxStep(model.Graph, 8);
        var state = new OptimizerState(new Adam(), model.Parameters);
        float[] images = Models.TestModels.Input(model, 8);
        int[] labels = [0, 1, 2, 3, 0, 1, 2, 3];
        long before = 0;
        for (int i = 0; i < 12; i++)
        {
            if (i == 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            plan.Run(images, labels, (ulong)i);
            state.Step(SerialScheduler.Instance, plan.Gradients, 8, 1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Gradients_of_transposed_convolutions_have_the_same_bits_at_any_number_of_threads_and_allocate_nothing() =>
        CheckThreads(new Sequential(
                new Conv2DTranspose(24, 3, stride: 2, padding: Padding.Same, activation: Activation.ReLU),
                new Conv2DTranspose(20, 3, padding: Padding.Explicit(1), activation: Activation.SiLU),
                new Conv2DTranspose(20, 3, stride: 2, groups: 20),
                new GlobalAveragePool2D(),
                new Dense(4)).Build(new Shape(12, 11, 20), seed: 4));

    [Fact]
    public void Gradients_of_scales_and_shifts_have_the_same_bits_at_any_number_of_threads_and_allocate_nothing()
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(61, 47, 19));
        ValueInfo twice = builder.Add(new ChannelAffineOperation(), [builder.Add(new ChannelAffineOperation(), [x])]);
        ValueInfo y = builder.Add(new DenseOperation(4, Activation.None, true),
            [builder.Add(new GlobalAveragePool2DOperation(), [builder.Add(new FunctionOperation(Activation.Tanh), [twice])])]);
        var random = new SeededRandom(6);
        CheckThreads(new Model(builder.Build([y], (_, _, parameter) =>
            parameter.Assign([.. Enumerable.Range(0, parameter.Shape.ElementCount).Select(_ => (float)random.NextDouble())])), null));
    }

    private static Model Linear() => new Sequential(new Flatten(), new Dense(2)).Build(new Shape(1, 1, 2), seed: 8);

    private static void Compare(Model model, Optimizer optimizer, ImageDataset data, int batch, UpdateReference update)
    {
        double[] weights = [.. model.Parameters[0].Values.ToArray().Select(value => (double)value)];
        double[] bias = new double[2];
        double[] weightState = new double[8];
        double[] biasState = new double[4];
        var x = new float[batch * 2];
        data.CopyImages([.. Enumerable.Range(0, batch)], x);
        double[] input = [.. x.Select(value => (double)value)];
        var trainer = new Trainer(model, optimizer);
        for (int step = 1; step <= 4; step++)
        {
            trainer.Train(data, new FitOptions { BatchSize = batch, Shuffle = false, MaxThreads = 1 });
            double[] logits = new double[batch * 2], dy = new double[batch * 2], dw = new double[4], db = new double[2];
            ReferenceDense.Forward(batch, 2, 2, input, weights, bias, logits);
            ReferenceSoftmaxCrossEntropy.Backward(batch, 2, logits, data.Labels, dy);
            ReferenceDense.BackwardFilter(batch, 2, 2, input, dy, dw);
            ReferenceDense.BackwardBias(batch, 2, dy, db);
            update(step, weights, dw, weightState, true);
            update(step, bias, db, biasState, false);
            for (int i = 0; i < 4; i++)
                Assert.Equal(weights[i], model.Parameters[0].Values[i], 1e-5);
            for (int i = 0; i < 2; i++)
                Assert.Equal(bias[i], model.Parameters[1].Values[i], 1e-5);
        }
    }

    private delegate void UpdateReference(int step, Span<double> weights, ReadOnlySpan<double> gradient, Span<double> state, bool isFilter);

    private static void CheckThreads(Model model)
    {
        const int Batch = 6;
        float[] images = Models.TestModels.Input(model, Batch);
        int[] labels = [0, 1, 2, 3, 0, 1];
        float[] expected = [];
        foreach (IWorkScheduler scheduler in new IWorkScheduler[] { SerialScheduler.Instance, new ParallelForScheduler(2),
            new ParallelForScheduler(3) })
        {
            var plan = new SoftmaxStep(model.Graph, Batch, scheduler);
            plan.Run(images, labels, 0);
            float[] gradients = plan.Gradients.All.ToArray();
            if (expected.Length == 0)
            {
                expected = gradients;
                Assert.Equal(0, Allocations.Least(() => plan.Run(images, labels, 0)));
            }

            Assert.Equal(expected, gradients);
        }
    }
}
