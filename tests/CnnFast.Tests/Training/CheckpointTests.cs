using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Trainings that end in their midst and go on from a file, to the bits of one that did not.</summary>
public sealed class CheckpointTests
{
    private static readonly ImageDataset s_data = TinyData.Create(70);

    private static readonly FitOptions s_options = new()
    {
        Epochs = 4,
        BatchSize = 8,
        AccumulationBatches = 2,
        Seed = 3,
        Validation = TinyData.Create(30, seed: 2),
        OtherValidations = [new ValidationSet("night", TinyData.Create(10, seed: 4))],
        Metrics = [new MacroF1()],
        Schedule = new CosineSchedule(warmUp: 0.2f),
        WeightAverage = new WeightAverage(0.9f),
        Clipping = new GradientClipping { MaxNorm = 1 },
        RestoreBest = true,
        Augmentation = new Augmentation(new RandomAffine { MaxShift = 1 }),
        MaxThreads = 1,
    };

    public static TheoryData<int> StopsAfter => [0, 1, 4, 5, 6, 11, 17, 19];

    private static Model Net => new Sequential(new Conv2D(4, 3), new BatchNormalization(), new ReLU(), new Flatten(), new Dropout(0.3f),
        new Dense(4), new Softmax()).Build(new Shape(8, 6, 1), seed: 2);

    [Theory]
    [MemberData(nameof(StopsAfter))]
    public void A_training_that_was_stopped_and_read_by_another_process_comes_to_the_same_bits(int steps)
    {
        using var folder = new TemporaryFolder();
        Model whole = Net;
        FitResult expected = new Trainer(whole, new Adam(0.01f)).Train(s_data, s_options);

        FitOptions saving = s_options with { Checkpoints = new CheckpointOptions(folder["a.checkpoint"]) };
        using var stop = new CancellationTokenSource();
        var first = new Trainer(Net, new Adam(0.01f));
        if (steps == 0)
            stop.Cancel();
        Assert.True(first.Fit(s_data, saving with { Callbacks = [new StopAfter(first, steps, stop)] }, cancellationToken: stop.Token)
            .Cancelled);
        Assert.True(first.IsInterrupted);

        Model rest = Net;
        var second = new Trainer(rest, new Adam(0.01f));
        second.LoadCheckpoint(folder["a.checkpoint"]);
        Assert.Equal(steps, second.Steps);
        FitResult result = second.Resume(s_data, saving, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(rest));
        Assert.Equal(expected.Steps, result.Steps);
        Assert.Equal(expected.BestEpoch, result.BestEpoch);
        Assert.Equal(expected.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainAccuracy, epoch.Validation)),
            result.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainAccuracy, epoch.Validation)));
        Assert.False(second.IsInterrupted);
    }

    [Fact]
    public void Two_epochs_a_file_and_two_more_are_four()
    {
        using var folder = new TemporaryFolder();
        FitOptions options = new() { Epochs = 2, BatchSize = 16, Seed = 5, Schedule = new CosineSchedule(), ScheduleEpochs = 4 };
        Model four = Net;
        new Trainer(four, new Sgd(0.05f, 0.9f)).Train(s_data, options with { Epochs = 4 });

        var first = new Trainer(Net, new Sgd(0.05f, 0.9f));
        first.Train(s_data, options);
        first.SaveCheckpoint(folder["two"]);
        Model two = Net;
        var second = new Trainer(two, new Sgd(0.05f, 0.9f));
        second.LoadCheckpoint(folder["two"]);
        Assert.Equal(2, second.Epochs);
        second.Train(s_data, options);
        Assert.Equal(TinyData.Bits(four), TinyData.Bits(two));
    }

    [Fact]
    public void A_checkpoint_of_another_model_says_what_differs_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        new Trainer(Net, new Adam()).SaveCheckpoint(folder["c"]);
        Model other = new Sequential(new Conv2D(5, 3), new Flatten(), new Dense(4, name: "head"), new Softmax()).Build(new Shape(8, 6, 1));
        byte[] before = TinyData.Bits(other);
        string message = Assert.Throws<ArgumentException>(() => new Trainer(other, new Adam()).LoadCheckpoint(folder["c"])).Message;
        Assert.Contains("is of another model: it has 'batch_normalization_1.gamma' [4], which the model lacks;", message,
            StringComparison.Ordinal);
        Assert.Contains("and 7 more.", message, StringComparison.Ordinal);
        Assert.Equal(before, TinyData.Bits(other));
        Assert.Contains("is of a training with Adam; this trainer has Sgd.",
            Assert.Throws<ArgumentException>(() => new Trainer(Net, new Sgd(1)).LoadCheckpoint(folder["c"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_other_frozen_parameters_is_refused()
    {
        using var folder = new TemporaryFolder();
        Model frozen = Net;
        frozen.Freeze("conv2d_1.filter");
        new Trainer(frozen, new Adam()).SaveCheckpoint(folder["frozen"]);
        new Trainer(Net, new Adam()).SaveCheckpoint(folder["free"]);
        Assert.Contains("'conv2d_1.filter' is frozen, and in the model it is not; freeze it before.",
            Assert.Throws<ArgumentException>(() => new Trainer(Net, new Adam()).LoadCheckpoint(folder["frozen"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("'conv2d_1.filter' is trained, and in the model it is frozen; unfreeze it before.",
            Assert.Throws<ArgumentException>(() => new Trainer(frozen, new Adam()).LoadCheckpoint(folder["free"])).Message,
            StringComparison.Ordinal);
        new Trainer(frozen, new Adam()).LoadCheckpoint(folder["frozen"]);
    }

    [Fact]
    public void Other_options_than_those_of_the_interrupted_training_are_refused()
    {
        var trainer = new Trainer(Net, new Adam());
        Assert.Equal("Trainer.Resume: no Fit was interrupted; expected one, or a checkpoint of one.",
            Assert.Throws<InvalidOperationException>(() => trainer.Resume(s_data, s_options)).Message);
        trainer.Fit(s_data, s_options, cancellationToken: new CancellationToken(canceled: true));
        Assert.Contains("Trainer.Resume: BatchSize is 9, and was 8 in the training that is to go on;",
            Assert.Throws<ArgumentException>(() => trainer.Resume(s_data, s_options with { BatchSize = 9 })).Message,
            StringComparison.Ordinal);
    }

    public static TheoryData<string, FitOptions> Others => new()
    {
        { "RestoreBest is False, and was True", s_options with { RestoreBest = false } },
        { "Shuffle is False, and was True", s_options with { Shuffle = false } },
        { "Schedule is CosineSchedule { warmUp = ", s_options with { Schedule = new CosineSchedule(0.3f) } },
        { "the schedule's number of epochs is 9, and was 4", s_options with { ScheduleEpochs = 9 } },
        { "the schedule's number of epochs is 5, and was 4", s_options with { Epochs = 5 } },
        { "Clipping is GradientClipping { ", s_options with { Clipping = GradientClipping.None } },
        { "WeightAverage is none, and was WeightAverage { Decay = 0.9, WarmUp = True }", s_options with { WeightAverage = null } },
        { "Monitor is MonitoredFigure { Name = train/loss", s_options with { Monitor = MonitoredFigure.TrainLoss } },
        { "Normalization is byte × ", s_options with { Normalization = Normalization.FromMeanStd(0.3, 0.5) } },
        {
            "Augmentation is [HorizontalFlip { Probability = 0.5 }]",
            s_options with { Augmentation = new Augmentation(new HorizontalFlip()) }
        },
        { "ConvAlgorithm is Direct, and was Auto", s_options with { ConvAlgorithm = ConvAlgorithm.Direct } },
    };

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public void Every_option_that_decides_the_weights_is_held_against_the_checkpoint(string message, FitOptions options)
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(Net, new Adam(0.01f));
        trainer.Fit(s_data, s_options, cancellationToken: new CancellationToken(canceled: true));
        trainer.SaveCheckpoint(folder["c"]);
        var second = new Trainer(Net, new Adam(0.01f));
        second.LoadCheckpoint(folder["c"]);
        foreach (Trainer resumed in new[] { trainer, second })
        {
            string text = Assert.Throws<ArgumentException>(() => resumed.Resume(s_data, options)).Message;
            Assert.StartsWith($"Trainer.Resume: {message}", text, StringComparison.Ordinal);
        }

        second.Resume(s_data,
            s_options with { Epochs = 1, ScheduleEpochs = 4, MaxThreads = 2, EarlyStopping = new EarlyStopping(3), Metrics = [] },
            cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_optimizer_the_losses_and_the_groups_are_held_against_the_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(Net, new Adam(0.01f), new SoftmaxCrossEntropy { LabelSmoothing = 0.5f },
            [new ParameterGroup("dense*") { LearningRateFactor = 0.5f }]);
        trainer.Fit(s_data, s_options, cancellationToken: new CancellationToken(canceled: true));
        trainer.SaveCheckpoint(folder["c"]);
        (string, Trainer)[] others =
        [
            ("the optimizer is Adam { LearningRate = 0.02, Beta1 = 0.9,", new Trainer(Net, new Adam(0.02f))),
            ("the list of losses is [SoftmaxCrossEntropy { Reduction = Mean, LabelSmoothing = 0,", new Trainer(Net, new Adam(0.01f))),
            ("the list of parameter groups is [], and was [ParameterGroup { Pattern = dense*", new Trainer(Net, new Adam(0.01f),
                new SoftmaxCrossEntropy { LabelSmoothing = 0.5f })),
        ];
        foreach ((string message, Trainer other) in others)
        {
            other.LoadCheckpoint(folder["c"]);
            Assert.StartsWith($"Trainer.Resume: {message}", Assert.Throws<ArgumentException>(() => other.Resume(s_data, s_options)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_checkpoint_of_the_first_format_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        Model whole = Net, rest = Net;
        new Trainer(whole, new Adam(0.01f)).Train(s_data, s_options);
        using var stop = new CancellationTokenSource();
        var first = new Trainer(Net, new Adam(0.01f));
        first.Fit(s_data, s_options with { Callbacks = [new StopAfter(first, 7, stop)] }, cancellationToken: stop.Token);
        first.SaveCheckpoint(folder["new"]);
        SafetensorsFile file = SafetensorsFile.Read(folder["new"]);
        System.Text.Json.Nodes.JsonObject state = System.Text.Json.Nodes.JsonNode.Parse(file.Metadata["training"])!.AsObject();
        foreach (string name in new[] { "options", "optimizer_tensors", "first_epoch", "counted" })
            Assert.True(state.Remove(name));
        SafetensorsWriter.Write(folder["old"], file.Tensors, new Dictionary<string, string>(file.Metadata)
        {
            ["format_version"] = "1",
            ["training"] = state.ToJsonString(),
        });
        var second = new Trainer(rest, new Adam(0.01f));
        second.LoadCheckpoint(folder["old"]);
        second.Resume(s_data, s_options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(rest));

        SafetensorsWriter.Write(folder["old"], file.Tensors.Where(tensor => !tensor.Name.StartsWith("best/", StringComparison.Ordinal)),
            new Dictionary<string, string>(file.Metadata) { ["format_version"] = "1", ["training"] = state.ToJsonString() });
        second.LoadCheckpoint(folder["old"]);
        Assert.StartsWith("Trainer.Resume: RestoreBest is True, and the training that is to go on kept no best weights;",
            Assert.Throws<ArgumentException>(() => second.Resume(s_data, s_options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_an_optimizer_that_remembers_other_tensors_is_refused_as_another_optimizer()
    {
        using var folder = new TemporaryFolder();
        new Trainer(Net, new Adam()).SaveCheckpoint(folder["adam"]);
        new Trainer(Net, new RmsProp(centered: true)).SaveCheckpoint(folder["rms"]);
        Assert.StartsWith("Trainer.LoadCheckpoint: the Adam of '", Assert.Throws<ArgumentException>(() =>
            new Trainer(Net, new Adam(amsGrad: true)).LoadCheckpoint(folder["adam"])).Message, StringComparison.Ordinal);
        Assert.Contains("remembers [mean, square, velocity], and that of this trainer [square, velocity];",
            Assert.Throws<ArgumentException>(() => new Trainer(Net, new RmsProp()).LoadCheckpoint(folder["rms"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_best_checkpoints_are_kept()
    {
        using var folder = new TemporaryFolder();
        FitResult result = new Trainer(Net, new Adam(0.01f)).Train(s_data, s_options with
        {
            Epochs = 6,
            Checkpoints = new CheckpointOptions(folder["k"]) { KeepBest = 2 },
        });
        string[] best = [.. result.Epochs.OrderBy(epoch => epoch.Validation!.Loss).Take(2).Select(epoch => $"k.epoch-{epoch.Epoch}")];
        Assert.Equal([.. best.Append("k").Order(StringComparer.Ordinal)],
            Directory.GetFiles(folder.FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_best_checkpoints_of_every_Fit_count_the_epochs_of_all()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(Net, new Adam(0.01f));
        FitOptions options = s_options with { Epochs = 3, Checkpoints = new CheckpointOptions(folder["k"]) { KeepBest = 2 } };
        FitResult[] results = [trainer.Train(s_data, options), trainer.Train(s_data, options)];
        string[] best = [.. results.SelectMany((result, fit) => result.Epochs
            .Select((epoch, i) => (Loss: epoch.Validation!.Loss, Number: (3 * fit) + i + 1))
            .OrderBy(epoch => epoch.Loss).Take(2).Select(epoch => $"k.epoch-{epoch.Number}"))];
        Assert.Equal([.. best.Append("k").Order(StringComparer.Ordinal)],
            Directory.GetFiles(folder.FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Damaged_files_are_refused_and_change_nothing()
    {
        using var folder = new TemporaryFolder();
        Model model = Net;
        var trainer = new Trainer(model, new Adam());
        trainer.SaveCheckpoint(folder["c"]);
        SafetensorsFile file = SafetensorsFile.Read(folder["c"]);
        byte[] before = TinyData.Bits(model);
        foreach ((string key, string value) in new[] { ("format", "x"), ("format_version", "3"), ("training", "{}"), ("training", "{") })
        {
            var metadata = new Dictionary<string, string>(file.Metadata) { [key] = value };
            SafetensorsWriter.Write(folder["bad"], file.Tensors, metadata);
            Assert.Throws<DataFormatException>(() => trainer.LoadCheckpoint(folder["bad"]));
        }

        SafetensorsWriter.Write(folder["bad"], file.Tensors.Where(tensor => !tensor.Name.EndsWith("/v", StringComparison.Ordinal)),
            file.Metadata);
        Assert.Contains("/v' is missing.", Assert.Throws<DataFormatException>(() => trainer.LoadCheckpoint(folder["bad"])).Message,
            StringComparison.Ordinal);
        model.Save(folder["model"]);
        Assert.Contains("it is no checkpoint;", Assert.Throws<DataFormatException>(() => trainer.LoadCheckpoint(folder["model"])).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, TinyData.Bits(model));
    }

    [Fact]
    public void Damaged_states_are_read_or_refused_and_change_nothing()
    {
        using var folder = new TemporaryFolder();
        Model model = Net;
        model.ClassNames = ["a", "b", "c", "d"];
        var trainer = new Trainer(model, new Adam(0.01f));
        trainer.Fit(s_data, s_options with { Epochs = 2 }, cancellationToken: TestContext.Current.CancellationToken);
        trainer.SaveCheckpoint(folder["c"]);
        SafetensorsFile file = SafetensorsFile.Read(folder["c"]);
        string good = file.Metadata["training"];
        const string Telling = "0123456789\"-,:{}[]eE.xN";
        var random = new Random(5);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            var text = new System.Text.StringBuilder(good);
            for (int damage = random.Next(1, 3); damage > 0; damage--)
            {
                int at = random.Next(text.Length);
                if (random.Next(3) == 0)
                    text.Remove(at, Math.Min(random.Next(1, 4), text.Length - at));
                else
                    text[at] = Telling[random.Next(Telling.Length)];
            }

            using (FileStream bad = File.Create(folder["bad"]))
                SafetensorsWriter.Write(bad, file.Tensors,
                    new Dictionary<string, string>(file.Metadata) { ["training"] = text.ToString() });
            Model other = Net;
            byte[] before = TinyData.Bits(other);
            Exception? error = Record.Exception(() => new Trainer(other, new Adam(0.01f)).LoadCheckpoint(folder["bad"]));
            if (error is null)
                continue;
            refused++;
            Assert.True(error is DataFormatException || (error is ArgumentException &&
                error.Message.StartsWith("Trainer.LoadCheckpoint: ", StringComparison.Ordinal)), $"{text}: {error}");
            Assert.Equal(before, TinyData.Bits(other));
            Assert.Null(other.ClassNames);
            Assert.Equal(Net.Normalization, other.Normalization);
        }

        Assert.InRange(refused, 100, 399);
    }

    private sealed class StopAfter(Trainer trainer, int steps, CancellationTokenSource stop) : TrainingCallback
    {
        public override void OnBatch(in FitProgress progress)
        {
            if (trainer.Steps == steps)
                stop.Cancel();
        }
    }
}
