using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Which loss a model gets, and which it is refused.</summary>
public sealed class ModelLossTests
{
    private static readonly ArrayDataset s_values = new(new Shape(2), [0.5f, -1], new Shape(3), [0, 1, 1]);
    private static readonly ArrayDataset s_labels = new(new Shape(2), [0.5f, -1], classes: 3, [2]);

    [Fact]
    public void The_end_of_a_model_chooses_the_loss()
    {
        Assert.IsType<SoftmaxCrossEntropy>(new Trainer(Net(new Dense(3), new Softmax()), new Adam()).Loss);
        Assert.IsType<SoftmaxCrossEntropy>(new Trainer(Net(new Dense(3)), new Adam()).Loss);
        Assert.IsType<BinaryCrossEntropy>(new Trainer(Net(new Dense(3), new Sigmoid()), new Adam()).Loss);
        Assert.IsType<BinaryCrossEntropy>(new Trainer(Net(new Dense(3, Activation.Sigmoid), new Flatten()), new Adam()).Loss);
        Assert.IsType<MeanSquaredError>(new Trainer(Net(new Dense(3)), new Adam(), new MeanSquaredError()).Loss);
    }

    [Fact]
    public void A_model_that_ends_in_Sigmoid_starts_with_the_logarithm_of_two_and_not_of_three()
    {
        Model model = Net(new Dense(3, filterInitializer: Initializer.Zeros), new Sigmoid());
        FitResult result = new Trainer(model, new Sgd(0.1f)).Train(s_values);
        Assert.Equal(Math.Log(2), result.Epochs[0].TrainLoss, 1e-6);
        Assert.Equal(
            "Trainer.Fit: the targets are labels of 3 classes; BinaryCrossEntropy of the model's output (N, 3) takes values [3] " +
                "or labels [3] of 2 classes.",
            Assert.Throws<ShapeException>(() => new Trainer(model, new Sgd(0.1f)).Train(s_labels)).Message);
    }

    [Fact]
    public void An_end_that_says_nothing_needs_a_loss_with_a_name()
    {
        Assert.Equal(
            "Trainer: the model ends in Tanh 'tanh_1', which does not say what its loss is; name one, such as MeanSquaredError.",
            Assert.Throws<ArgumentException>(() => new Trainer(Net(new Dense(3), new Tanh()), new Adam())).Message);
        Assert.Equal(
            "Trainer.Fit: the targets are values [3], and the model ends without an activation: nothing says what the loss is. Name one, " +
                "such as MeanSquaredError.",
            Assert.Throws<ShapeException>(() => new Trainer(Net(new Dense(3)), new Adam()).Train(s_values)).Message);
        Assert.True(double.IsFinite(new Trainer(Net(new Dense(3), new Tanh()), new Adam(), new MeanSquaredError())
            .Train(s_values).Epochs[0].TrainLoss));
    }

    [Fact]
    public void A_loss_that_does_not_belong_to_the_end_is_refused()
    {
        Assert.Equal(
            "Trainer: SoftmaxCrossEntropy belongs to models that end in Softmax or without an activation; " +
                "the model ends in Sigmoid 'sigmoid_1'.",
            Assert.Throws<ArgumentException>(() =>
                new Trainer(Net(new Dense(3), new Sigmoid()), new Adam(), new SoftmaxCrossEntropy())).Message);
        Assert.Equal(
            "Evaluator: BinaryCrossEntropy belongs to models that end in Sigmoid or without an activation; " +
                "the model ends in Softmax 'softmax_1'.",
            Assert.Throws<ArgumentException>(() =>
                TinyData.Evaluate(Net(new Dense(3), new Softmax()), s_values,
                    new EvaluationOptions { Loss = new BinaryCrossEntropy() })).Message);
        Assert.Equal(
            "Trainer.Fit: the targets are labels of 3 classes; MeanSquaredError of the model's output (N, 3) takes values [3].",
            Assert.Throws<ShapeException>(() => new Trainer(Net(new Dense(3), new Softmax()), new Adam(), new MeanSquaredError())
                .Train(s_labels)).Message);
    }

    [Fact]
    public void Soft_targets_are_a_distribution_over_the_classes()
    {
        Model model = Net(new Dense(3, filterInitializer: Initializer.Zeros), new Softmax());
        var soft = new ArrayDataset(new Shape(2), [0.5f, -1], new Shape(3), [0.25f, 0.5f, 0.25f]);
        Assert.Equal(Math.Log(3), new Trainer(model, new Sgd(0.1f)).Train(soft).Epochs[0].TrainLoss, 1e-6);
        Assert.Null(TinyData.Evaluate(model, soft).Accuracy);
        Assert.NotNull(TinyData.Evaluate(model, s_labels).Accuracy);
    }

    [Fact]
    public void Options_for_bytes_are_refused_for_numbers() => Assert.StartsWith(
        "Trainer.Fit: Normalization and Augmentation are for the bytes of an IImageDataset; the data set is of type ArrayDataset.",
        Assert.Throws<ArgumentException>(() =>
            new Trainer(Net(new Dense(3)), new Adam()).Train(s_labels, new FitOptions { Augmentation = new Augmentation() })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_loss_and_a_data_set_of_ones_own_train()
    {
        Model model = Net(new Dense(1));
        FitResult result = new Trainer(model, new Adam(0.05f), new Absolute())
            .Train(new Sums(), new FitOptions { Epochs = 40, BatchSize = 10, MaxThreads = 2 });
        Assert.True(result.Epochs[^1].TrainLoss < 0.1, $"loss {result.Epochs[^1].TrainLoss}");
        Assert.Equal(1.5f, model.Predict([1, 0.5f])[0], 0.2f);
    }

    [Fact]
    public void An_activation_that_is_a_layer_of_its_own_is_an_end_as_well() => Assert.Equal(
        "Trainer: the model ends in PReLU 'prelu_1', which does not say what its loss is; name one, such as MeanSquaredError.",
        Assert.Throws<ArgumentException>(() => new Trainer(Net(new Dense(3), new PReLU()), new Adam())).Message);

    [Theory]
    [InlineData(-1f)]
    [InlineData(2f)]
    public void Targets_of_binary_cross_entropy_are_from_0_to_1(float target)
    {
        var data = new ArrayDataset(new Shape(2), [0.5f, -1], new Shape(3), [0, 1, target]);
        var trainer = new Trainer(Net(new Dense(3), new Sigmoid()), new Adam());
        Assert.StartsWith(
            "BinaryCrossEntropy: a target is not from 0 to 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Train(data)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Accuracy_is_of_one_label_among_several_outputs_alone()
    {
        var data = new ArrayDataset(new Shape(2), [0.5f, -1], classes: 2, [0]);
        var options = new EvaluationOptions { Loss = new Hinge() };
        Assert.Null(TinyData.Evaluate(Net(new Dense(1)), data, options).Accuracy);
    }

    [Fact]
    public void A_loss_that_writes_no_gradient_does_not_train()
    {
        Model model = Net(new Dense(1));
        var data = new ArrayDataset(new Shape(2), [0.5f, -1, 1, 2], classes: 2, [0, 1]);
        byte[] before = TinyData.Bits(model);
        Assert.Equal(
            "Hinge: value 0 of sample 0 got no gradient; expected one for every output.",
            Assert.Throws<InvalidOperationException>(() => new Trainer(model, new Adam(), new Hinge()).Train(data)).Message);
        Assert.Equal(before, TinyData.Bits(model));
    }

    [Fact]
    public void Weights_of_samples_are_refused_by_a_loss_that_does_not_take_them() => Assert.Equal(
        "Trainer.Fit: the data set weights its samples; Absolute does not take weights.",
        Assert.Throws<ArgumentException>(() => new Trainer(Net(new Dense(3)), new Adam(), new Absolute())
            .Train(s_values.WithSampleWeights([1]))).Message);

    [Theory]
    [InlineData(5, "expected the target 5, counted from 0, which loss 1 reads.")]
    [InlineData(1, "expected the target 1, counted from 0, which loss 1 reads.")]
    public void A_target_that_is_not_there_is_named(int target, string expected) => Assert.Equal(
        $"Trainer.Fit: the data set has 1 target; {expected}",
        Assert.Throws<ShapeException>(() => new Trainer(Net(new Dense(3)), new Adam(),
            [new LossTerm(new MeanSquaredError()) { Target = target }]).Train(s_values)).Message);

    [Fact]
    public void One_input_with_two_targets_trains_two_losses()
    {
        var x = new Input(8, 6, 1);
        ModelNode body = new Flatten().Apply(x);
        Model model = Model.Build([x], [new Softmax(name: "kind").Apply(new Dense(4).Apply(body)), new Dense(2, name: "place").Apply(body)],
            seed: 1);
        ImageDataset images = TinyData.Create(100);
        float[] places = [.. Enumerable.Range(0, 100).SelectMany(i =>
            new[] { images.GetLabel(i) / 2, (float)(images.GetLabel(i) % 2) })];
        IImageDataset both = images.WithTargets(new ArrayDataset(new Shape(1), new float[100], new Shape(2), places));
        FitResult result = new Trainer(model, new Adam(0.01f),
        [
            new LossTerm(new SoftmaxCrossEntropy()) { Output = "kind", Target = 0 },
            new LossTerm(new MeanSquaredError()) { Output = "place", Target = 1 },
        ]).Train(both, new FitOptions { Epochs = 40, BatchSize = 16, Validation = both, MaxThreads = 2 });
        Assert.All(result.Epochs[^1].Validation!.Losses, loss => Assert.InRange(loss, 0, 0.1));
    }

    [Fact]
    public void A_data_set_without_samples_is_refused() => Assert.Equal(
        "Trainer.Fit: the data set has 0 samples; expected at least one.",
        Assert.Throws<ShapeException>(() =>
            new Trainer(Net(new Dense(1)), new Adam(), new MeanSquaredError()).Train(new Sums(0))).Message);

    [Fact]
    public void Images_that_are_normalised_by_themselves_leave_that_in_the_model()
    {
        ImageDataset images = TinyData.Create(20);
        var normalization = Normalization.FromMeanStd(0.2, 0.5);
        Model model = TinyData.Net(dropout: 0), other = TinyData.Net(dropout: 0);
        new Trainer(model, new Adam()).Train(images.Normalized(normalization), new FitOptions { Validation = images });
        new Trainer(other, new Adam()).Train(images, new FitOptions { Normalization = normalization, Validation = images });
        Assert.Equal(normalization, model.Normalization);
        Assert.Equal(TinyData.Bits(other), TinyData.Bits(model));
        Assert.StartsWith(
            "Trainer.Fit: images are normalised by",
            Assert.Throws<ArgumentException>(() => new Trainer(model, new Adam())
                .Train(images, new FitOptions { Validation = images.Normalized(default) })).Message,
            StringComparison.Ordinal);
    }

    private static Model Net(params Layer[] layers) => new Sequential(layers).Build(new Shape(2), seed: 1);

    /// <summary>max(0, 1 − y·t) with t = ±1.</summary>
    private sealed class Hinge : ILoss
    {
        public LossInput Input => LossInput.Output;

        public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => [TargetInfo.Labels(2)];

        public LossSum Compute(in LossBatch batch)
        {
            double sum = 0;
            for (int i = 0; i < batch.Count; i++)
                sum += Math.Max(0, 1 - (batch.Outputs[i] * ((2 * batch.Labels[i]) - 1)));
            return new LossSum(sum, batch.Count);
        }
    }

    /// <summary>|y − t|.</summary>
    private sealed class Absolute : ILoss
    {
        public LossInput Input => LossInput.Output;

        public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => [TargetInfo.Values(output)];

        public LossSum Compute(in LossBatch batch)
        {
            double sum = 0;
            for (int i = 0; i < batch.Outputs.Length; i++)
            {
                float difference = batch.Outputs[i] - batch.Values[i];
                sum += Math.Abs(difference);
                if (!batch.Gradient.IsEmpty)
                    batch.Gradient[i] = Math.Sign(difference) * batch.GradientScale / batch.Count;
            }

            return new LossSum(sum, batch.Count);
        }
    }

    /// <summary>Samples that are computed when they are asked for: two numbers and their sum.</summary>
    private sealed class Sums(int count = 100) : IDataset
    {
        public int Count => count;

        public IReadOnlyList<Shape> Inputs => [new Shape(2)];

        public IReadOnlyList<TargetInfo> Targets => [TargetInfo.Values(new Shape(1))];

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                float a = indices[i] % 10 / 10f, b = indices[i] / 10 / 10f;
                batch.Input()[2 * i] = a;
                batch.Input()[(2 * i) + 1] = b;
                batch.Values()[i] = a + b;
            }
        }
    }
}
