using CnnFast;
using CnnFast.Data;
using CnnFast.Images;
using CnnFast.Layers;
using CnnFast.Onnx;
using CnnFast.Training;
using CnnFast.Verification;

namespace CnnFast.Tests;

/// <summary>
/// The examples of docs/training.md, compiled: their bodies are the blocks of the page in order, which a test compares and runs.
/// </summary>
internal static class TrainingExamples
{
    public static void Photographs()
    {
        // Example begins.
        var photos = PictureDataset.OpenFolder("photos", new PictureOptions(32, 32));   // photos/cat/*.jpg, photos/dog/*.png, …
        IReadOnlyList<IImageDataset> parts = photos.SplitStratified(seed: 1, 0.7, 0.15, 0.15);
        Model model = new Sequential(
            new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(64, 3, padding: Padding.Same, activation: Activation.ReLU), new GlobalAveragePool2D(),
            new Dropout(0.2f), new Dense(photos.ClassNames!.Count), new Softmax()).Build(photos.ImageShape, seed: 1);

        var trainer = new Trainer(model, new Adam(5e-3f));
        FitResult result = trainer.Fit(parts[0], new FitOptions
        {
            Epochs = 30,
            BatchSize = 16,
            Validation = parts[1],
            Normalization = parts[0].ComputeNormalization(),
            Augmentation = new Augmentation(new HorizontalFlip(), new PadAndCrop(2)),
            EarlyStopping = new EarlyStopping(patience: 10),
            RestoreBest = true,
            Checkpoints = new CheckpointOptions("pets.checkpoint"),
        });
        model.Save("pets.safetensors");
        Console.WriteLine($"best epoch: {result.BestEpoch}");
        Console.WriteLine(Evaluator.Evaluate(model, parts[2]).Confusion);
        // Example ends.
        Assert.True(Evaluator.Evaluate(model, photos).Accuracy >= 0.9, $"{result.Epochs[^1]}");
        Assert.Equal(["disc", "square"], model.ClassNames);
    }

    public static void Served()
    {
        // Example begins.
        Model served = Model.Load("pets.safetensors");
        using var session = new InferenceSession(served, new SessionOptions { ByteInput = ByteInput.From(served.Normalization) });
        byte[] pixels = PictureReader.Read("photo.jpg", new PictureOptions(32, 32));
        float[] scores = new float[served.ClassNames!.Count];
        session.RunBytes(pixels, scores);
        Console.WriteLine(served.ClassNames[scores.IndexOf(scores.Max())]);
        // Example ends.
        Assert.Equal(1, scores.IndexOf(scores.Max()));
    }

    public static void Arrays(byte[] pixels, int[] labels, float[] rows, float[] prices)
    {
        // Example begins.
        // Bytes of images, [N, 28, 28, 1], with a class each; or with numbers, or with a class for every pixel.
        var digits = new ImageDataset(new Shape(28, 28, 1), classes: 10, pixels, labels);
        var sized = new ImageDataset(new Shape(28, 28, 1), pixels, targetShape: new Shape(1), prices);

        // Floats of any shape.
        var kinds = new ArrayDataset(new Shape(4), rows, classes: 3, [0, 2, 1]);
        var priced = new ArrayDataset(new Shape(4), rows, targetShape: new Shape(1), prices);

        // One of several inputs and targets.
        IDataset both = Datasets.Zip(digits, priced);
        // Example ends.
        Assert.Equal(3, kinds.Count);
        Assert.Equal(3, sized.Count);
        Assert.Equal(2, both.Inputs.Count);
        Assert.Equal(2, both.Targets.Count);
    }

    public static void Files()
    {
        // Example begins.
        TrainTestDatasets mnist = IdxDataset.LoadFolder("mnist");                  // four IDX files, also .gz
        TrainTestDatasets cifar = CifarDataset.LoadCifar10("cifar-10-batches-bin");
        IDataset arrays = NpyDataset.Load("x.npy", "y.npy");                       // of NumPy
        // Example ends.
        Assert.Equal(new Shape(32, 32, 3), cifar.Test.ImageShape);
        Assert.Equal(2, mnist.Train.Count);
        Assert.Equal(3, arrays.Count);
    }

    public static void Pictures()
    {
        // Example begins.
        var size = new PictureOptions(32, 32) { Fit = PictureFit.Pad, Unreadable = UnreadablePictures.Skip, CacheFile = "photos.cache" };
        var folder = PictureDataset.OpenFolder("photos", size);                                     // class = folder
        var tagged = PictureDataset.OpenCsv("tags.csv", CsvTargets.Labels("tags"), size);           // sky;water
        var measured = PictureDataset.OpenCsv("tags.csv", CsvTargets.Values("height", "width"), size);
        var masked = PictureDataset.OpenMasks("photos", "masks",
            new MaskOptions(2) { Levels = MaskOptions.Indices(2, ignored: 255) }, size);
        Console.WriteLine($"{folder.Skipped.Count} pictures were left out");
        // Example ends.
        Assert.Empty(folder.Skipped);
        Assert.Equal(["sky", "water"], tagged.ClassNames);
        Assert.Equal(new Shape(2), measured.Targets[0].Shape);
        Assert.Equal(new Shape(32, 32), masked.Targets[0].Shape);
    }

    public static void Splits(IImageDataset photos, string[] cameras)
    {
        // Example begins.
        IReadOnlyList<IImageDataset> parts = photos.SplitStratified(seed: 1, 0.8, 0.2);              // each class has its share
        IReadOnlyList<IImageDataset> apart = photos.SplitGrouped(cameras, seed: 1, 0.8, 0.2);        // no camera in both
        IImageDataset even = parts[0].Balanced(seed: 1);                                             // small classes more often
        float[] weights = parts[0].ClassWeights();                                                   // or weighted in the loss
        // Example ends.
        Assert.Equal(2, apart.Count);
        Assert.Equal(2, weights.Length);
        Assert.True(even.Count >= parts[0].Count);
    }

    public static void Normalized(IImageDataset train, Model model)
    {
        // Example begins.
        Normalization own = train.ComputeNormalization();   // mean 0 and deviation 1 for every channel of these images
        var imageNet = Normalization.FromMeanStd([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        new Trainer(model, new Adam()).Fit(train, new FitOptions { Normalization = own });
        // Example ends.
        Assert.Equal(own, model.Normalization);
        Assert.Equal(3, imageNet.Channels);
    }

    public static Augmentation Augmented()
    {
        // Example begins.
        var augmentation = new Augmentation(
            new RandomResizedCrop { MinArea = 0.5f },
            new HorizontalFlip(),
            new RandomApply(0.5f, new RandomAffine { MaxRotation = 15, MaxScale = 0.1f, Fill = ImageFill.Reflect }),
            new ColorJitter { Brightness = 0.2f, Contrast = 0.2f, Saturation = 0.2f, Hue = 0.02f },
            new Invert(),
            new Cutout { MaxArea = 0.1f },
            new Mixup(0.2f));
        // Example ends.
        return augmentation;
    }

    public static ILoss[] Losses(IDataset train)
    {
        // Example begins.
        ILoss smoothed = new SoftmaxCrossEntropy { LabelSmoothing = 0.1f, ClassWeights = train.ClassWeights() };
        ILoss pixels = new SoftmaxCrossEntropy { IgnoredLabel = MaskOptions.Ignored };
        ILoss rare = new BinaryCrossEntropy { PositiveWeights = [1, 1, 12] };   // the third label is rare
        ILoss numbers = new Huber { Delta = 0.5f };
        // Example ends.
        return [smoothed, pixels, rare, numbers];
    }

    public static void Optimization(Model model, IDataset train)
    {
        // Example begins.
        var trainer = new Trainer(model, new AdamW(1e-3f, weightDecay: 0.05f), groups:
        [
            new ParameterGroup("conv2d_1.*") { LearningRateFactor = 0.1f },
            new ParameterGroup("*", ParameterRole.Filter) { DecayFactor = 0.5f },
        ]);
        trainer.Fit(train, new FitOptions
        {
            BatchSize = 8,
            AccumulationBatches = 4,                                  // one step for 32 samples
            Clipping = new GradientClipping { MaxNorm = 1 },
            WeightAverage = new WeightAverage(0.999f),                // what is validated, and what the model holds at the end
        });
        // Example ends.
        Assert.Equal((train.Count + 31) / 32, trainer.Steps);
    }

    public static ILearningRateSchedule[] Schedules()
    {
        // Example begins.
        ILearningRateSchedule cosine = new CosineSchedule(warmUp: 0.05f);
        ILearningRateSchedule steps = new MultiStepSchedule([30, 60, 80], factor: 0.1f);
        ILearningRateSchedule plateau = new ReduceOnPlateauSchedule { Factor = 0.5f, Patience = 3 };
        ILearningRateSchedule warm = new WarmUpSchedule(new StepSchedule(every: 10), length: 500);
        // Example ends.
        return [cosine, steps, plateau, warm];
    }

    public static LearningRateCurve Found(Model model, IDataset train)
    {
        // Example begins.
        LearningRateCurve curve = LearningRateFinder.Run(model, train, new Adam());
        var trainer = new Trainer(model, new Adam(curve.Suggestion ?? 1e-3f));
        // Example ends.
        Assert.Same(model, trainer.Model);
        return curve;
    }

    public static Model Recipe(ImageDataset train, IDataset validation)
    {
        // Example begins.
        ModelPreset preset = ModelPresets.Digits;
        Model model = preset.Build(train, seed: 1);
        new Trainer(model, preset.Optimizer, preset.Loss).Fit(train, preset.Options with { Epochs = 1, Validation = validation });
        // Example ends.
        return model;
    }

    public static void Measured(Model model, IDataset train, IDataset validation, IDataset night)
    {
        // Example begins.
        using var board = new TensorBoardLog("runs/first");
        var trainer = new Trainer(model, new Adam());
        FitResult result = trainer.Fit(train, new FitOptions
        {
            Epochs = 3,
            Validation = validation,
            OtherValidations = [new ValidationSet("night", night)],
            Metrics = [new MacroF1(), new TopKAccuracy(2)],
            Monitor = new MonitoredFigure("validation/macro_f1", LargerIsBetter: true),
            EarlyStopping = new EarlyStopping(patience: 10) { MinDelta = 1e-3 },
            RestoreBest = true,
            Callbacks = [new CsvLog("run.csv"), board, new SlowEpochs()],
        });
        foreach (EpochResult epoch in result.Epochs)
            Console.WriteLine($"{epoch.Epoch}: {epoch.TrainLoss:0.000}, {epoch.Validation!.Metrics["macro_f1"]:0.000}");
        // Example ends.
        Assert.Equal(3, result.Epochs.Count);
        Assert.Equal(4, File.ReadAllLines("run.csv").Length);
    }

    public static Trainer Resumed(Model model, IDataset train, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        // Example begins.
        var options = new FitOptions
        {
            Epochs = 4,
            Checkpoints = new CheckpointOptions("run.checkpoint") { EverySteps = 100, KeepBest = 2 },
        };
        var trainer = new Trainer(model, new Adam());
        if (File.Exists("run.checkpoint"))
            trainer.LoadCheckpoint("run.checkpoint");
        if (trainer.IsInterrupted)
            trainer.Resume(train, options, progress, cancellationToken);
        else if (trainer.Steps == 0)
            trainer.Fit(train, options, progress, cancellationToken);
        // Example ends.
        return trainer;
    }

    public static double Regression(ImageDataset train, ImageDataset test)
    {
        // Example begins.
        Model model = new Sequential(
            new Conv2D(8, 3, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(16, 3, activation: Activation.ReLU), new Flatten(), new Dense(1)).Build(train.ImageShape, seed: 1);
        var loss = new Huber();
        new Trainer(model, new Adam(2e-3f), loss).Fit(train, new FitOptions { Epochs = 8, BatchSize = 32, Seed = 1 });

        EvaluationResult result = Evaluator.Evaluate(model, test,
            new EvaluationOptions { Loss = loss, Metrics = [new MeanAbsoluteErrorMetric()] });
        Console.WriteLine($"the radius is off by {result.Metrics["mean_absolute_error"]:0.00} pixels");
        // Example ends.
        return result.Metrics["mean_absolute_error"];
    }

    public static double SeveralLabels(ImageDataset train, ImageDataset test)
    {
        // Example begins.
        Model model = new Sequential(
            new Conv2D(16, 3, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(32, 3, activation: Activation.ReLU), new GlobalMaxPool2D(), new Dense(3), new Sigmoid())
            .Build(train.ImageShape, seed: 1);
        new Trainer(model, new Adam(5e-3f), new BinaryCrossEntropy())
            .Fit(train, new FitOptions { Epochs = 10, BatchSize = 32, Seed = 1 });

        EvaluationResult result = Evaluator.Evaluate(model, test, new EvaluationOptions { Metrics = [new MultiLabelF1()] });
        Console.WriteLine($"F1 {result.Metrics["multi_label_f1"]:0.000}");
        // Example ends.
        return result.Metrics["multi_label_f1"];
    }

    public static (double First, double Last) Segmentation(ImageDataset train, ImageDataset test)
    {
        // Example begins.
        var image = new Input(train.ImageShape);
        ModelNode fine = new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(image);
        ModelNode coarse = new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(new MaxPool2D(2).Apply(fine));
        ModelNode joined = new Concatenate().Apply(fine, new Conv2DTranspose(16, 2, stride: 2).Apply(coarse));
        ModelNode mixed = new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(joined);
        Model model = Model.Build(image, new Softmax(name: "mask").Apply(new Conv2D(3, 1).Apply(mixed)), seed: 1);
        var trainer = new Trainer(model, new Adam(5e-3f),
        [
            new LossTerm(new SoftmaxCrossEntropy()),
            new LossTerm(new SoftmaxDice()) { Output = "mask", Target = 0, Weight = 0.5f },
        ]);
        FitResult result = trainer.Fit(train, new FitOptions
        {
            Epochs = 4,
            BatchSize = 8,
            Validation = test,
            Metrics = [new MeanIoU()],
            Augmentation = new Augmentation(new HorizontalFlip(), new VerticalFlip()),
        });
        EvaluationResult last = result.Epochs[^1].Validation!;
        Console.WriteLine($"mean IoU {last.Metrics["mask.mean_iou"]:0.000}, of discs {last.Confusion!.IoU(1):0.000}");
        // Example ends.
        return (result.Epochs[0].Validation!.Confusion!.MeanIoU, last.Metrics["mask.mean_iou"]);
    }

    public static void TwoOutputs(IDataset images, IDataset facts)
    {
        // Example begins.
        Input image = new(new Shape(24, 24, 1), "image"), fact = new(new Shape(4), "facts");
        ModelNode seen = new Flatten().Apply(new Conv2D(4, 3, stride: 2, activation: Activation.ReLU).Apply(image));
        ModelNode both = new Dense(32, Activation.ReLU).Apply(new Concatenate().Apply(seen, fact));
        ModelNode marks = new Sigmoid(name: "marks").Apply(new Dense(3).Apply(both));
        Model model = Model.Build([image, fact], [marks, new Dense(1, name: "price").Apply(both)]);
        new Trainer(model, new Adam(),
        [
            new LossTerm(new BinaryCrossEntropy()) { Output = "marks", Target = 0 },
            new LossTerm(new Huber()) { Output = "price", Target = 1, Weight = 0.1f },
        ]).Fit(Datasets.Zip(images, facts));
        // Example ends.
        Assert.Equal(2, model.Outputs.Count);
    }

    public static double OwnStep(Model model, IImageDataset train)
    {
        // Example begins.
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = 32,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
        });
        var optimizer = new OptimizerState(new Sgd(0.05f, momentum: 0.9f), model);
        model.Normalization = train.ComputeNormalization();   // of the bytes; a file and Evaluator have it too
        model.ClassNames = train.ClassNames;
        using var batches = new BatchLoader(train.Normalized(model.Normalization), batchSize: 32, seed: 1);
        double loss = 0;
        for (int epoch = 0; epoch < 2; epoch++)
        {
            batches.StartEpoch(epoch);
            while (batches.MoveNext())
            {
                session.Forward(batches.Current.Count, batches.Current.Input());
                loss = session.Loss(batches.Current.Labels());
                session.Backward();
                optimizer.Step(session);
            }
        }
        // Example ends.
        return loss;
    }

    public static float[] Saliency(Model model, float[] image, int label)
    {
        // Example begins.
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = 1,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            Values = [model.Inputs[0].Name],
        });
        session.Forward(1, image);
        session.Loss([label]);
        session.Backward();
        float[] saliency = [.. session.ValueGradient(model.Inputs[0].Name).ToArray().Select(Math.Abs)];
        // Example ends.
        return saliency;
    }

    public static Model Twins()
    {
        // Example begins.
        var body = new Sequential(new Conv2D(8, 3, activation: Activation.ReLU), new Flatten(), new Dense(16)).Build(new Shape(16, 16, 1));
        Input left = new(new Shape(16, 16, 1), "left"), right = new(new Shape(16, 16, 1), "right");
        ModelNode both = new Multiply().Apply(body.Apply(left), body.Apply(right));
        Model same = Model.Build([left, right], [new Sigmoid().Apply(new Dense(1).Apply(both))]);
        // Example ends.
        return same;
    }

    public static (Model Model, double HeadOnly) Transferred(ImageDataset few, ImageDataset test)
    {
        // Example begins.
        Model body = OnnxModel.Load("backbone.onnx").ToModel(layout: OnnxLayout.Nhwc).Cut("features");
        body.Freeze("*");
        Model model = body.WithHead([new Flatten(), new Dense(3), new Softmax()], seed: 1);
        new Trainer(model, new Adam(1e-3f)).Fit(few, new FitOptions { Epochs = 30, BatchSize = 10 });
        // Example ends.
        double headOnly = Evaluator.Evaluate(model, test).Accuracy!.Value;

        // Example begins.
        model.Unfreeze("second*");
        new Trainer(model, new Adam(1e-4f)).Fit(few, new FitOptions { Epochs = 10, BatchSize = 10 });
        // Example ends.
        Assert.Equal(body.Parameters[0].Values.ToArray(), model.Parameters[0].Values.ToArray());
        return (model, headOnly);
    }

    public static double HeadOnFeatures(ImageDataset few, ImageDataset test, ulong seed)
    {
        Model body = OnnxModel.Load("backbone.onnx").ToModel(layout: OnnxLayout.Nhwc).Cut("features");

        // Example begins.
        IDataset features = Features.Compute(body, few);
        Model head = new Sequential(new Flatten(), new Dense(3), new Softmax()).Build(body.OutputShape, seed);
        new Trainer(head, new Adam(1e-3f)).Fit(features, new FitOptions { Epochs = 30, BatchSize = 10 });

        // Both as one model, for sessions and files.
        var image = new Input(body.InputShape);
        Model whole = Model.Build(image, head.Apply(body.Apply(image)));
        whole.Normalization = body.Normalization;
        whole.ClassNames = head.ClassNames;
        // Example ends.
        Assert.Equal(few.ClassNames, whole.ClassNames);
        float[] before = whole.Parameters[^1].Values.ToArray();
        head.Parameters[^1].Assign(new float[before.Length]);
        Assert.Equal(before, whole.Parameters[^1].Values.ToArray());
        return Evaluator.Evaluate(whole, test).Accuracy!.Value;
    }

    public static double TwoTargets(IImageDataset kinds, IImageDataset boxes)
    {
        // Example begins.
        IImageDataset both = kinds.WithTargets(boxes);   // the images of the first, the targets of both
        Input image = new(both.ImageShape);
        ModelNode seen = new Flatten().Apply(new Conv2D(8, 3, stride: 2, activation: Activation.ReLU).Apply(image));
        Model model = Model.Build([image],
            [new Softmax(name: "kind").Apply(new Dense(3).Apply(seen)), new Dense(4, name: "box").Apply(seen)], seed: 1);
        new Trainer(model, new Adam(2e-3f),
        [
            new LossTerm(new SoftmaxCrossEntropy()) { Output = "kind", Target = 0 },
            new LossTerm(new Huber()) { Output = "box", Target = 1 },
        ]).Fit(both, new FitOptions { Epochs = 4, BatchSize = 16 });
        // Example ends.
        return Evaluator.Evaluate(model, both, new EvaluationOptions
        {
            Losses = [new LossTerm(new SoftmaxCrossEntropy()), new LossTerm(new Huber())],
        }).Loss;
    }

    public static void GradientsHold(Model model)
    {
        // Example begins.
        GradientReport report = GradientChecker.Check(model, new SoftmaxCrossEntropy { LabelSmoothing = 0.1f });
        Console.WriteLine(report.Holds ? $"worst: {report.Worst!.Name}" : $"{report.FirstFailure!.Name}: {report.FirstFailure.Failure}");
        // Example ends.
        Assert.True(report.Holds, report.FirstFailure?.Failure);
    }

    // Example begins.
    internal sealed class Invert : IImageTransform
    {
        public void Apply(ref ImageSample image)
        {
            if (!image.Chance(0.1f))
                return;
            foreach (ref float value in image.Pixels)
                value = 255 - value;
        }
    }
    // Example ends.

    // Example begins.
    internal sealed class LogCosh : ILoss
    {
        public LossInput Input => LossInput.Output;

        public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => [TargetInfo.Values(output)];

        public LossSum Compute(in LossBatch batch)
        {
            double sum = 0;
            float scale = batch.GradientScale / batch.Count;
            for (int i = 0; i < batch.Outputs.Length; i++)
            {
                float difference = batch.Outputs[i] - batch.Values[i];
                sum += Math.Log(Math.Cosh(difference));
                if (!batch.Gradient.IsEmpty)
                    batch.Gradient[i] = MathF.Tanh(difference) * scale;
            }

            return new LossSum(sum, batch.Count);
        }
    }
    // Example ends.

    // Example begins.
    internal sealed class SlowEpochs : TrainingCallback
    {
        public override void OnEpoch(EpochResult result)
        {
            if (result.Seconds > 60)
                Console.WriteLine($"epoch {result.Epoch} took {result.Seconds:0} s");
        }
    }
    // Example ends.
}
