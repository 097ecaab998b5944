using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Samples;

/// <summary>A training loop of one's own, and the gradient of the input: which pixels decide.</summary>
internal static class OwnStepSample
{
    private const int Height = 32;
    private const int Width = 48;
    private const int Batch = 16;

    private static readonly FigureKind[] Kinds = [FigureKind.Disc, FigureKind.Cross, FigureKind.Triangle];

    /// <summary>The part of the test pictures that is right; which part of the gradient lies in the cell of the shape, and which part of
    /// the picture that cell is.</summary>
    internal sealed record Result(double Accuracy, double SaliencyInCell, double CellShare);

    public static Result Run(TextWriter output, ulong seed)
    {
        output.WriteLine($"{string.Join(", ", Kinds)}: forward, loss, backward, and a step after two batches; then what the net looks at.");
        var random = new Random((int)seed);
        (ImageDataset train, _) = Draw(1440, random);
        (ImageDataset validation, _) = Draw(200, random);
        (ImageDataset test, int[] cells) = Draw(200, random);

        Model model = new Sequential(
            new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(32, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(48, 3, padding: Padding.Same, activation: Activation.ReLU), new GlobalMaxPool2D(),
            new Dense(Kinds.Length), new Softmax()).Build(train.ImageShape, seed);

        // Trainer does it by itself; here it is said once, for the loader and for all who use the model later.
        model.Normalization = train.ComputeNormalization();
        model.ClassNames = [.. Kinds.Select(kind => kind.ToString())];
        Train(output, model, train, validation, seed);

        double accuracy = Evaluator.Evaluate(model, test).Accuracy!.Value;
        double inCell = Saliency(output, model, test, cells);
        var result = new Result(accuracy, inCell, 16 * 16 / (double)(Height * Width));
        output.WriteLine($"test: {accuracy:0.0 %} right, guessing gives {1.0 / Kinds.Length:0.0 %}; {inCell:0 %} of the gradient lies in " +
            $"the cell of the shape, {result.CellShare:0 %} of the picture");
        return result;
    }

    private static void Train(TextWriter output, Model model, ImageDataset train, ImageDataset validation, ulong seed)
    {
        const int epochs = 10;
        const int added = 2;
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = Batch,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            Seed = seed,
        });
        var optimizer = new OptimizerState(new AdamW(4e-3f), model);
        using var batches = new BatchLoader(train.Normalized(model.Normalization), Batch, seed);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            double sum = 0;
            batches.StartEpoch(epoch);
            while (batches.MoveNext())
            {
                // 90 batches of 16 are 45 steps of 32: half of the gradient each, the second added to the first.
                bool isFirst = batches.Current.Index % added == 0;
                session.Forward(batches.Current.Count, batches.Current.Input());
                sum += session.Loss(batches.Current.Labels(), scale: 1f / added);
                session.Backward(accumulate: !isFirst);
                if (!isFirst)
                    optimizer.Step(session, factor: 1 - (epoch / (float)epochs));
            }

            EvaluationResult measured = Evaluator.Evaluate(model, validation);
            output.WriteLine($"epoch {epoch + 1,2}: train loss {sum / batches.BatchesPerEpoch:0.000}, steps {optimizer.Steps}, " +
                $"validation loss {measured.Loss:0.000}, accuracy {measured.Accuracy:0.000}");
        }
    }

    // How much the loss changes with each pixel: |gradient|, summed over the channels. The values that are named have gradients.
    private static double Saliency(TextWriter output, Model model, ImageDataset test, int[] cells)
    {
        string input = model.Inputs[0].Name;
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = Batch,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            Values = [input],
        });
        using var batches = new BatchLoader(test.Normalized(model.Normalization), Batch, shuffle: false);
        double inside = 0;
        batches.StartEpoch(0);
        while (batches.MoveNext())
        {
            session.Forward(batches.Current.Count, batches.Current.Input());
            session.Loss(batches.Current.Labels());
            session.Backward();
            float[][] pictures = [.. session.ValueGradient(input).ToArray().Chunk(3).Select(pixel => pixel.Sum(Math.Abs))
                .Chunk(Height * Width)];
            for (int i = 0; i < pictures.Length; i++)
                inside += ShareIn(pictures[i], cells[(batches.Current.Index * Batch) + i]);
            if (batches.Current.Index == 0)
                Show(output, $"the gradient of a {Kinds[test.GetLabel(0)]}:", pictures[0]);
        }

        return inside / test.Count;
    }

    private static double ShareIn(float[] saliency, int cell)
    {
        int column = cell % (Width / 16), row = cell / (Width / 16);
        return saliency.Where((_, i) => i % Width / 16 == column && i / Width / 16 == row).Sum() / Math.Max(saliency.Sum(), 1e-30);
    }

    private static void Show(TextWriter output, string title, float[] saliency)
    {
        const string grey = " .:-=+*#%@";
        float most = saliency.Max();
        output.WriteLine(title);
        foreach (float[] row in saliency.Chunk(Width))
            output.WriteLine($"|{string.Concat(row.Select(value => grey[(int)(value / most * (grey.Length - 1))]))}|");
    }

    // One shape in one of six cells.
    private static (ImageDataset Pictures, int[] Cells) Draw(int count, Random random)
    {
        var pixels = new byte[count * Height * Width * 3];
        int[] labels = new int[count], cells = new int[count];
        for (int i = 0; i < count; i++)
        {
            var canvas = new Canvas(Height, Width, random);
            (labels[i], cells[i]) = (i % Kinds.Length, canvas.Cells()[0]);
            canvas.Draw(Kinds[labels[i]], cells[i]);
            canvas.Pixels.CopyTo(pixels, i * canvas.Pixels.Length);
        }

        return (new ImageDataset(new Shape(Height, Width, 3), Kinds.Length, pixels, labels), cells);
    }
}
