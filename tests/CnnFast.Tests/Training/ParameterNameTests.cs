using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Where a message ends in the name of a parameter, the caller wrote it: no name of a method within.</summary>
public sealed class ParameterNameTests
{
    private static readonly ArrayDataset s_kinds = new(new Shape(2), [1, 2], TargetInfo.Labels(3), [7], ignoredLabel: 7);

    public static TheoryData<string, string?> Faults => new()
    {
        { "label of cross-entropy", null },
        { "label of focal loss", null },
        { "label of Dice", null },
        { "label of binary cross-entropy", null },
        { "label of negative log-likelihood", null },
        { "targets of binary cross-entropy", null },
        { "label of a metric", null },
        { "class weights", null },
        { "focus", "Gamma" },
        { "checkpoint interval", null },
        { "nothing trainable", null },
        { "subset", "indices" },
        { "image", "index" },
        { "labels without classes", null },
        { "label of a data set", null },
        { "inputs of a data set", null },
        { "class names of a model", null },
        { "count of a matrix", "label" },
        { "cell of a matrix", "predicted" },
        { "names of a matrix", null },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_name_at_the_end_is_one_that_the_caller_wrote(string fault, string? name)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Run(fault));
        Assert.Equal(name, error.ParamName);
        Assert.Equal(name is not null, error.Message.Contains("(Parameter", StringComparison.Ordinal));
    }

    private static void Run(string fault)
    {
        Model model = new Sequential(new Dense(3)).Build(new Shape(2), seed: 1);
        ImageDataset images = TinyData.Create(4);
        switch (fault)
        {
            case "label of cross-entropy": Compute(new SoftmaxCrossEntropy()); break;
            case "label of focal loss": Compute(new SoftmaxFocal()); break;
            case "label of Dice": Compute(new SoftmaxDice()); break;
            case "label of negative log-likelihood": Compute(new NegativeLogLikelihood()); break;
            case "label of binary cross-entropy": Compute(new BinaryCrossEntropy(), 7, 0, 1); break;
            case "targets of binary cross-entropy": LossTests.Compute(new BinaryCrossEntropy(), 1, [0], [2], new float[1]); break;
            case "label of a metric": Count(new Accuracy()); break;
            case "class weights": _ = new SoftmaxCrossEntropy { ClassWeights = [-1] }; break;
            case "focus": _ = new SoftmaxFocal { Gamma = -1 }; break;
            case "checkpoint interval":
                Fit(model, new FitOptions { Checkpoints = new CheckpointOptions("x") { Interval = TimeSpan.Zero } });
                break;
            case "nothing trainable": model.Freeze("*"); Fit(model, new FitOptions()); break;
            case "subset": images.Subset(9); break;
            case "image": images.GetImageBytes(9); break;
            case "labels without classes": _ = new ArrayDataset(new Shape(1), [1], TargetInfo.Values(default), [1]); break;
            case "label of a data set": _ = new ArrayDataset(new Shape(1), [1], classes: 2, [5]); break;
            case "inputs of a data set": _ = new ArrayDataset(new Shape(1), [float.NaN], classes: 2, [1]); break;
            case "class names of a model": model.ClassNames = ["a"]; break;
            case "count of a matrix": Matrix().Count(9); break;
            case "cell of a matrix": _ = Matrix()[0, 9]; break;
            case "names of a matrix": Matrix().ToString(["a"]); break;
            default: throw new InvalidOperationException(fault);
        }
    }

    private static ConfusionMatrix Matrix() => new ConfusionMatrixBuilder(2).ToMatrix();

    private static void Fit(Model model, FitOptions options) =>
        new Trainer(model, new Adam(), new SoftmaxCrossEntropy { IgnoredLabel = 7 }).Train(s_kinds, options);

    private static void Compute(ILoss loss, params int[] labels) => new OutputLoss(loss).Run(new LossBatch
    {
        Count = 1,
        Outputs = new float[3],
        SampleShape = new Shape(3),
        Labels = labels.Length == 0 ? [7] : labels,
        GradientScale = 1,
    });

    private static void Count(Accuracy metric) =>
        metric.Start(new Shape(3), TargetInfo.Labels(3), LossInput.SoftmaxLogits)!.Add(new MetricBatch
        {
            Count = 1,
            Outputs = new float[3],
            Labels = [7],
        });
}
