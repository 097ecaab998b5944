using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Onnx;
using CnnFast.Training;

namespace CnnFast.Samples;

/// <summary>A new head on the body of a trained model, for a few pictures of things that it has never seen.</summary>
internal static class TransferSample
{
    private const int Height = 32;
    private const int Width = 40;

    private static readonly FigureKind[] OldKinds =
        [FigureKind.Disc, FigureKind.Ring, FigureKind.Square, FigureKind.Cross, FigureKind.Triangle];

    private static readonly FigureKind[] NewKinds = [FigureKind.Leaf, FigureKind.Moon, FigureKind.Flower, FigureKind.Bow];

    /// <summary>The part of the test pictures that is right: with the head alone, after the body's last layer was trained too, and as
    /// the saved file says.</summary>
    internal sealed record Result(double HeadAccuracy, double Accuracy, double ServedAccuracy);

    public static Result Run(TextWriter output, ulong seed, string? bodyFile = null)
    {
        output.WriteLine($"A body that knows other things learns {string.Join(", ", NewKinds)} from 20 pictures of each.");
        string folder = Directory.CreateTempSubdirectory("cnnfast-").FullName;
        try
        {
            string backbone = bodyFile ?? Path.Combine(folder, "backbone.safetensors");
            if (bodyFile is null)
                TrainBackbone(output, seed, backbone);
            return Transfer(output, seed, backbone, Path.Combine(folder, "shapes.safetensors"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Result Transfer(TextWriter output, ulong seed, string backbone, string target)
    {
        Model body = Load(backbone).WithoutHead();
        Shape shape = body.InputShape;
        if (shape.Rank != 3 || shape[2] != 3)
            throw new ShapeException($"'{backbone}' takes {shape}; expected a model of colour pictures [H, W, 3].");
        body.Freeze("*");
        var random = new Random((int)seed + 1000);
        ImageDataset train = Draw(80, shape, NewKinds, random), validation = Draw(80, shape, NewKinds, random);
        ImageDataset test = Draw(200, shape, NewKinds, random);

        // A frozen body gives the same features in every epoch: they are computed once, and the head trains in a moment.
        Layer[] pool = body.OutputShape.Rank == 3 ? [new GlobalAveragePool2D()] : [];
        Model head = new Sequential([.. pool, new Dense(NewKinds.Length, name: "new_kinds"), new Softmax()])
            .Build(body.OutputShape, seed);
        output.WriteLine("the head, on features of the body:");
        new Trainer(head, new Adam(1e-2f)).Fit(Features.Compute(body, train), new FitOptions
        {
            Epochs = 30,
            BatchSize = 16,
            Seed = seed,
            Validation = Features.Compute(body, validation),
            Callbacks = [new EpochLines(output)],
        });

        // Both as one model, with the weights as they are.
        var image = new Input(shape);
        Model model = Model.Build(image, head.Apply(body.Apply(image)));
        model.Normalization = body.Normalization;
        double headAccuracy = Evaluator.Evaluate(model, test).Accuracy!.Value;

        // The last layer of the body too, slowly: what is still frozen is the body's.
        string last = model.Parameters.Last(parameter => parameter.Role == ParameterRole.Filter && !parameter.Trainable).Name;
        string layer = last[..last.LastIndexOf('.')];
        model.Unfreeze(layer);
        output.WriteLine($"the head and '{layer}', that at a quarter of the learning rate:");
        ParameterGroup[] groups = [new ParameterGroup($"{layer}.*") { LearningRateFactor = 0.25f }];
        new Trainer(model, new Adam(2e-3f), new SoftmaxCrossEntropy(), groups).Fit(train, new FitOptions
        {
            Epochs = 30,
            BatchSize = 16,
            Seed = seed,
            Schedule = new CosineSchedule(),
            Augmentation = new Augmentation(new HorizontalFlip(), new VerticalFlip()),
            Validation = validation,
            RestoreBest = true,
            Callbacks = [new EpochLines(output)],
        });
        double accuracy = Evaluator.Evaluate(model, test).Accuracy!.Value;
        model.Save(target);

        var result = new Result(headAccuracy, accuracy, Serve(output, target, test));
        output.WriteLine($"test: {headAccuracy:0.0 %} right with the head alone, {accuracy:0.0 %} with the last layer trained, " +
            $"{result.ServedAccuracy:0.0 %} from the file; guessing gives {1.0 / NewKinds.Length:0.0 %}");
        return result;
    }

    // A program that serves the model needs the file alone: it holds names and normalisation.
    private static double Serve(TextWriter output, string file, ImageDataset test)
    {
        Model model = Model.Load(file);
        using var session = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        var scores = new float[model.ClassNames!.Count];
        int right = 0;
        for (int i = 0; i < test.Count; i++)
        {
            session.RunBytes(test.GetImageBytes(i), scores);
            int best = scores.IndexOf(scores.Max());
            right += best == test.GetLabel(i) ? 1 : 0;
            if (i < 3)
                output.WriteLine($"a {NewKinds[test.GetLabel(i)]}: {model.ClassNames[best]} with probability {scores[best]:0.00}");
        }

        return right / (double)test.Count;
    }

    // Most ONNX files do not say how bytes become numbers: set Normalization to what their model was trained with.
    private static Model Load(string file) =>
        OnnxModel.IsOnnx(file) ? OnnxModel.Load(file).ToModel(layout: OnnxLayout.Nhwc) : Model.Load(file);

    private static void TrainBackbone(TextWriter output, ulong seed, string file)
    {
        output.WriteLine($"no --body was given; one for {string.Join(", ", OldKinds)}:");
        var random = new Random((int)seed);
        var shape = new Shape(Height, Width, 3);
        ImageDataset train = Draw(1500, shape, OldKinds, random), validation = Draw(200, shape, OldKinds, random);
        Model model = new Sequential(
            new Conv2D(16, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new MaxPool2D(2),
            new Conv2D(32, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new MaxPool2D(2),
            new Conv2D(48, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new Conv2D(64, 3, padding: Padding.Same, useBias: false), new BatchNormalization(momentum: 0.9f), new ReLU(),
            new GlobalAveragePool2D(),
            new Dense(OldKinds.Length), new Softmax()).Build(shape, seed);
        new Trainer(model, new Adam(4e-3f)).Fit(train, new FitOptions
        {
            Epochs = 10,
            BatchSize = 32,
            Seed = seed,
            Schedule = new OneCycleSchedule(),
            Normalization = train.ComputeNormalization(),
            Validation = validation,
            Callbacks = [new EpochLines(output)],
        });
        model.Save(file);
    }

    private static ImageDataset Draw(int count, Shape shape, FigureKind[] kinds, Random random)
    {
        var pixels = new byte[count * shape.ElementCount];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % kinds.Length;
            double size = Math.Min(shape[0], shape[1]) * (0.25 + (0.15 * random.NextDouble()));
            double x = (shape[1] / 2.0) + random.Next(-3, 4), y = (shape[0] / 2.0) + random.Next(-3, 4);
            var canvas = new Canvas(shape[0], shape[1], random);
            canvas.Draw(new Figure(kinds[labels[i]], x, y, size, 2 * Math.PI * random.NextDouble()));
            canvas.Pixels.CopyTo(pixels, i * canvas.Pixels.Length);
        }

        return new ImageDataset(shape, kinds.Length, pixels, labels).WithClassNames([.. kinds.Select(kind => kind.ToString())]);
    }
}
