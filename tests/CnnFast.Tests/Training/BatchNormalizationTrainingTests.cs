using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Reference;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Batch normalisation in training: moving statistics, freezing, evaluation, bits and allocations.</summary>
public sealed class BatchNormalizationTrainingTests
{
    private static readonly ImageDataset Data = TinyData.Create(150);

    private static FitOptions Options =>
        new() { Epochs = 2, BatchSize = 16, Seed = 9, MaxThreads = 1, Validation = TinyData.Create(40, seed: 2) };

    [Fact]
    public void A_step_moves_the_statistics_towards_those_of_the_batch()
    {
        ImageDataset four = Data.Take(4);
        Model model = new Sequential(new BatchNormalization(momentum: 0.75f), new Flatten(), new Dense(4)).Build(new Shape(8, 6, 1));
        Parameter mean = Find(model, "moving_mean"), variance = Find(model, "moving_variance");
        mean.Assign([0.5f]);
        variance.Assign([2f]);
        var images = new float[4 * 48];
        four.CopyImages([0, 1, 2, 3], images);
        double[] batchMean = new double[1], batchVariance = new double[1];
        ReferenceBatchNormalization.Statistics(4 * 48, 1, [.. images.Select(value => (double)value)], batchMean, batchVariance);

        new Trainer(model, new Sgd(0.1f, l2: L2Penalty.Constant(0.5f))).Train(four, new FitOptions { BatchSize = 4, MaxThreads = 1 });
        Assert.Equal((0.75 * 0.5) + (0.25 * batchMean[0]), mean.Values[0], 1e-6);
        Assert.Equal((0.75 * 2) + (0.25 * batchVariance[0]), variance.Values[0], 1e-6);
        Assert.NotEqual(1, Find(model, "gamma").Values[0]);
        Assert.All(model.Parameters.Where(parameter => parameter.Name.StartsWith("batch", StringComparison.Ordinal)),
            parameter => Assert.False(parameter.Decays));
    }

    [Fact]
    public void It_learns_and_evaluation_sees_the_moving_statistics()
    {
        Model model = Net();
        FitResult result = new Trainer(model, new Adam(5e-3f)).Train(Data, Options with { Epochs = 15 });
        EvaluationResult validation = result.Epochs[^1].Validation!;
        Assert.True(validation.Accuracy >= 0.95, $"accuracy {validation.Accuracy}");
        Assert.Equal(validation, TinyData.Evaluate(model, Options.Validation!, new EvaluationOptions { BatchSize = 16, MaxThreads = 1 }));
        Find(model, "moving_mean").Assign(new float[8]);
        Assert.NotEqual(validation.Loss,
            TinyData.Evaluate(model, Options.Validation!, new EvaluationOptions { BatchSize = 16, MaxThreads = 1 }).Loss);
    }

    [Fact]
    public void A_frozen_layer_does_the_same_in_training_as_in_inference()
    {
        Model model = Net();
        new Trainer(model, new Adam(5e-3f)).Train(Data, Options);
        foreach (Parameter parameter in model.Parameters)
            parameter.Trainable = parameter.Name == "head.bias";
        byte[] before = [.. TinyData.Bits(model).SkipLast(16)];
        double loss = TinyData.Evaluate(model, Data.Take(16), new EvaluationOptions { MaxThreads = 1 }).Loss;
        FitResult result = new Trainer(model, new Sgd(1e-3f)).Train(Data.Take(16), new FitOptions { BatchSize = 16, MaxThreads = 1 });
        Assert.Equal(loss, result.Epochs[0].TrainLoss, 1e-5);
        Assert.Equal(before, TinyData.Bits(model).SkipLast(16));
    }

    [Fact]
    public void Gamma_and_beta_freeze_apart_from_the_statistics()
    {
        Model model = Net();
        Parameter gamma = Find(model, "gamma"), beta = Find(model, "beta"), mean = Find(model, "moving_mean");
        gamma.Trainable = beta.Trainable = false;
        new Trainer(model, new Adam(5e-3f)).Train(Data, Options);
        Assert.All(gamma.Values.ToArray(), value => Assert.Equal(1, value));
        Assert.All(beta.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(mean.Values.ToArray(), value => value != 0);
    }

    [Fact]
    public void Statistics_alone_can_be_trained()
    {
        Model model = Net();
        foreach (Parameter parameter in model.Parameters)
            parameter.Trainable = parameter.Name.Contains("moving", StringComparison.Ordinal);
        float[] filter = model.Parameters[0].Values.ToArray();
        new Trainer(model, new Adam(5e-3f)).Train(Data, Options);
        Assert.Equal(filter, model.Parameters[0].Values.ToArray());
        Assert.Contains(Find(model, "moving_mean").Values.ToArray(), value => value != 0);
        Assert.Contains(Find(model, "moving_variance").Values.ToArray(), value => value != 1);
    }

    [Fact]
    public void Work_above_the_grain_of_the_scheduler_repeats_to_the_bit()
    {
        ImageDataset digits = DigitDataset.LoadEmbedded().Train.Take(128);
        byte[]? bits = null;
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            Model model = new Sequential(
                new Conv2D(8, 3, useBias: false),
                new BatchNormalization(),
                new ReLU(),
                new DepthwiseConv2D(3, stride: 2, useBias: false),
                new BatchNormalization(),
                new ReLU(),
                new Flatten(),
                new Dense(10)).Build(digits.ImageShape, seed: 3);
            new Trainer(model, new Adam()).Train(digits, new FitOptions { Epochs = 1, BatchSize = 64, MaxThreads = threads, Seed = 5 });
            bits ??= TinyData.Bits(model);
            Assert.True(bits.AsSpan().SequenceEqual(TinyData.Bits(model)), $"{threads} threads");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_warm_training_step_on_one_thread_allocates_nothing(bool trainable)
    {
        Model model = Net();
        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Info.IsStatistic))
            parameter.Trainable = trainable;
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

    [Theory]
    [InlineData(17, 16)]
    [InlineData(1, 16)]
    [InlineData(5, 1)]
    public void One_value_a_channel_is_refused_before_anything_is_trained(int samples, int batch)
    {
        Model model = new Sequential(new Flatten(), new Dense(3), new BatchNormalization(name: "bn"), new Dense(4))
            .Build(new Shape(8, 6, 1));
        byte[] before = TinyData.Bits(model);
        var options = new FitOptions { BatchSize = batch, MaxThreads = 1 };
        string message = Assert.Throws<ShapeException>(() => new Trainer(model, new Adam()).Train(Data.Take(samples), options)).Message;
        Assert.Equal("Trainer.Fit: BatchNormalization 'bn' would see one value a channel in a batch of one sample, the last of " +
            $"{samples} samples in batches of {batch}; expected at least two: choose another BatchSize, or freeze its moving " +
            "statistics.", message);
        Assert.Equal(before, TinyData.Bits(model));

        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Info.IsStatistic))
            parameter.Trainable = false;
        new Trainer(model, new Adam()).Train(Data.Take(samples), options);
    }

    [Fact]
    public void A_step_of_one_value_a_channel_is_refused_and_of_several_pixels_not()
    {
        Model dense = new Sequential(new Flatten(), new BatchNormalization(name: "bn"), new Dense(4)).Build(new Shape(8, 6, 1));
        string message = Assert.Throws<ShapeException>(() =>
            new SoftmaxStep(dense.Graph, 2).Run(new float[48], [0], 0)).Message;
        Assert.StartsWith("BatchNormalization 'bn': the batch has one value a channel", message, StringComparison.Ordinal);
        Model pixels = new Sequential(new BatchNormalization(), new Flatten(), new Dense(4)).Build(new Shape(8, 6, 1));
        new SoftmaxStep(pixels.Graph, 2).Run(new float[48], [0], 0);
    }

    private static Model Net() => new Sequential(
        new Conv2D(8, 3, useBias: false),
        new BatchNormalization(momentum: 0.9f, name: "normal"),
        new ReLU(),
        new DepthwiseConv2D(3, depthMultiplier: 2, padding: Padding.Same, useBias: false),
        new BatchNormalization(momentum: 0.9f, useScale: false),
        new ReLU(),
        new Flatten(),
        new Dense(4, name: "head")).Build(new Shape(8, 6, 1), seed: 1);

    private static Parameter Find(Model model, string role) =>
        model.Parameters.First(parameter => parameter.Name.EndsWith(role, StringComparison.Ordinal));
}
