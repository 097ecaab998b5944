using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Losses: values by hand, and that nets learn with them.</summary>
public sealed class LossTests
{
    [Fact]
    public void Mean_squared_error_by_hand()
    {
        var gradient = new float[4];
        LossSum sum = Compute(new MeanSquaredError(), samples: 2, [1, 2, 3, 4], [0, 2, 3, 1], gradient);
        Assert.Equal(new LossSum((1 / 2.0) + (9 / 2.0), 2), sum);
        Assert.Equal([0.5f, 0, 0, 1.5f], gradient);
    }

    [Fact]
    public void Binary_cross_entropy_by_hand()
    {
        var gradient = new float[3];
        LossSum sum = Compute(new BinaryCrossEntropy(), samples: 1, [0, 100, -100], [1, 0, 0], gradient);
        Assert.Equal((Math.Log(2) + 100) / 3, sum.Sum, 1e-5);
        Assert.Equal(1, sum.Weight);
        Assert.Equal([-0.5f / 3, 1f / 3, 0], gradient, (a, b) => Math.Abs(a - b) < 1e-7f);
    }

    [Theory]
    [InlineData(Activation.None, true)]
    [InlineData(Activation.None, false)]
    [InlineData(Activation.Sigmoid, false)]
    public void Several_labels_at_once_are_learned(Activation activation, bool isLayer)
    {
        ArrayDataset data = Labels(256);
        Layer[] end = isLayer ? [new Dense(3), new Sigmoid()] : [new Dense(3, activation)];
        Model model = new Sequential([new Dense(16, Activation.Tanh), .. end]).Build(new Shape(2), seed: 3);
        EvaluationResult start = TinyData.Evaluate(model, Labels(64, seed: 8), new EvaluationOptions { Loss = new BinaryCrossEntropy() });
        FitResult result = new Trainer(model, new Adam(0.02f), new BinaryCrossEntropy())
            .Train(data, new FitOptions { Epochs = 60, BatchSize = 32, MaxThreads = 1 });
        EvaluationResult unseen = TinyData.Evaluate(model, Labels(64, seed: 8), new EvaluationOptions { Loss = new BinaryCrossEntropy() });
        Assert.True(start.Loss > 0.4 && unseen.Loss < 0.15, $"loss {start.Loss}, then {unseen.Loss}");
        Assert.Null(result.Epochs[^1].TrainAccuracy);
        bool isSigmoid = isLayer || activation == Activation.Sigmoid;
        Assert.Equal(isSigmoid, model.Predict([0.5f, 0.5f]).All(value => value is >= 0 and <= 1));
    }

    [Fact]
    public void A_line_is_found_by_regression()
    {
        ArrayDataset data = Line(96);
        Model model = new Sequential(new Dense(1)).Build(new Shape(2), seed: 3);
        var trainer = new Trainer(model, new Adam(0.05f), new MeanSquaredError());
        FitResult result = trainer.Train(data,
            new FitOptions { Epochs = 60, BatchSize = 16, MaxThreads = 1, Validation = Line(32, seed: 9) });
        Assert.Equal([2, -3], model.Parameters[0].Values.ToArray(), (a, b) => Math.Abs(a - b) < 0.01f);
        Assert.Equal(0.5f, model.Parameters[1].Values[0], 0.01f);
        EpochResult last = result.Epochs[^1];
        Assert.True(last.TrainLoss < 1e-3, $"loss {last.TrainLoss}");
        Assert.Null(last.TrainAccuracy);
        Assert.Null(last.Validation!.Accuracy);
        Assert.Equal(last.Validation, TinyData.Evaluate(model, Line(32, seed: 9),
            new EvaluationOptions { Loss = new MeanSquaredError(), BatchSize = 16, MaxThreads = 1 }));
        Assert.Equal(default, model.Normalization);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Regression_repeats_to_the_bit_at_any_number_of_threads(int threads)
    {
        byte[] Train(int maxThreads)
        {
            Model model = new Sequential(new Dense(64, Activation.Tanh), new Dense(300)).Build(new Shape(2), seed: 3);
            var random = new SeededRandom(5);
            float[] inputs = [.. Enumerable.Range(0, 2 * 64).Select(_ => (float)random.NextDouble())];
            float[] targets = [.. Enumerable.Range(0, 300 * 64).Select(_ => (float)random.NextDouble())];
            var data = new ArrayDataset(new Shape(2), inputs, new Shape(300), targets);
            new Trainer(model, new AdamW(0.01f), new MeanSquaredError())
                .Train(data, new FitOptions { Epochs = 2, BatchSize = 32, MaxThreads = maxThreads });
            return TinyData.Bits(model);
        }

        Assert.Equal(Train(1), Train(threads));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        Model model = new Sequential(new Dense(8, Activation.ReLU), new Dense(3)).Build(new Shape(2), seed: 3);
        var session = new TrainingSession(new ModelLosses("Test", model, new MeanSquaredError()),
            new TrainingPlanOptions(4, 1, SerialScheduler.Instance, ConvAlgorithm.Auto));
        var data = new ArrayDataset(new Shape(2), new float[8], new Shape(3), new float[12]);
        using var loader = new BatchLoader(data, 4, prefetch: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        loader.MoveNext();
        Assert.Equal(0, Testing.Allocations.Least(() =>
        {
            session.Forward(loader.Current);
            session.Run(0, loader.Current, 1);
            session.Backward();
        }));
    }

    internal static LossSum Compute(ILoss loss, int samples, float[] outputs, float[] targets, float[] gradient) =>
        new OutputLoss(loss).Run(new LossBatch
        {
            Count = samples,
            Outputs = outputs,
            SampleShape = new Shape(outputs.Length / samples),
            Values = targets,
            Gradient = gradient,
            GradientScale = 1,
        });

    /// <summary>Whether a is above 0, b is above 0, and a + b is above 0.</summary>
    private static ArrayDataset Labels(int count, ulong seed = 4)
    {
        var random = new SeededRandom(seed);
        float[] inputs = [.. Enumerable.Range(0, 2 * count).Select(_ => (float)random.NextDouble() - 0.5f)];
        float Is(float value) => value > 0 ? 1 : 0;
        float[] values = [.. Enumerable.Range(0, count)
            .SelectMany(i => new[] { Is(inputs[2 * i]), Is(inputs[(2 * i) + 1]), Is(inputs[2 * i] + inputs[(2 * i) + 1]) })];
        return new ArrayDataset(new Shape(2), inputs, new Shape(3), values);
    }

    /// <summary>y = 2a − 3b + 0.5.</summary>
    private static ArrayDataset Line(int count, ulong seed = 4)
    {
        var random = new SeededRandom(seed);
        float[] inputs = [.. Enumerable.Range(0, 2 * count).Select(_ => (float)random.NextDouble() - 0.5f)];
        float[] values = [.. Enumerable.Range(0, count).Select(i => (2 * inputs[2 * i]) - (3 * inputs[(2 * i) + 1]) + 0.5f)];
        return new ArrayDataset(new Shape(2), inputs, new Shape(1), values);
    }
}
