using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Visualization;

/// <summary>What a classifier says to every image of a data set.</summary>
internal sealed class ClassifierRun
{
    private const int BatchSize = 32;
    private const int MaxMistakes = 24;
    private const int MaxPictureSide = 96;
    private const int Bins = 15;

    private readonly Model _model;
    private readonly IImageDataset _images;
    private readonly List<Answer> _wrong = [];
    private readonly double[] _confidences = new double[Bins];
    private readonly long[] _right = new long[Bins];
    private readonly long[] _counts = new long[Bins];

    private ClassifierRun(Model model, IImageDataset images) => (_model, _images) = (model, images);

    /// <summary>One answer that is wrong.</summary>
    public readonly record struct Answer(int Index, int Label, int Predicted, float Confidence, float Right);

    /// <summary>Labels against predictions.</summary>
    public ConfusionMatrix Confusion { get; private set; } = null!;

    /// <summary>The mean of −ln p of the label, in nats.</summary>
    public double Loss { get; private set; }

    /// <summary>The mean distance of confidence and accuracy over bins of confidence.</summary>
    public double CalibrationError { get; private set; }

    /// <summary>Bounds, images, mean confidence and accuracy of every bin.</summary>
    public IEnumerable<(double From, double To, long Count, double Confidence, double Accuracy)> Calibration =>
        Enumerable.Range(0, Bins).Select(i => ((double)i / Bins, (i + 1.0) / Bins, _counts[i], _confidences[i] / _counts[i],
            (double)_right[i] / _counts[i]));

    /// <summary>The answers that were surest and wrong, the surest first.</summary>
    public IReadOnlyList<Answer> Mistakes => _wrong;

    /// <summary>All answers that were wrong.</summary>
    public long WrongCount { get; private set; }

    /// <summary>Why a model cannot be measured so; null where it can.</summary>
    public static string? Obstacle(Model model, IImageDataset images)
    {
        if (model.Inputs.Count != 1 || model.Outputs.Count != 1)
            return $"the model has {model.Inputs.Count} inputs and {model.Outputs.Count} outputs; expected one of each.";
        if (model.InputShape != images.ImageShape)
            return $"the model takes {model.InputShape}, and the images are {images.ImageShape}; expected the same.";
        if (images.Targets is not [{ IsLabels: true, Shape.ElementCount: 1, Classes: var classes }])
            return "the targets are not one label an image; expected those of a classifier.";
        if (classes > ConfusionMatrixBuilder.MaxClasses)
            return $"there are {classes} classes; expected at most {ConfusionMatrixBuilder.MaxClasses}.";
        bool isBinary = classes == 2 && model.OutputShape.ElementCount == 1 && model.OutputActivation == "Sigmoid";
        bool isOneEach = model.OutputShape.Rank == 1 && model.OutputShape[0] == classes;
        if (!isBinary && !(isOneEach && model.OutputActivation is null or "Softmax" or "LogSoftmax"))
            return $"the model ends in {model.OutputActivation ?? "no activation"} with {model.OutputShape}; " +
                $"expected one output for each of {classes} classes, and Softmax, LogSoftmax or nothing at the end.";
        return null;
    }

    /// <summary>Measures a model.</summary>
    public static ClassifierRun Measure(Model model, IImageDataset images, int threads, CancellationToken cancellationToken)
    {
        var run = new ClassifierRun(model, images);
        run.Run(threads, cancellationToken);
        return run;
    }

    /// <summary>An image, at most 96 pixels wide and high.</summary>
    public string PictureOf(int index)
    {
        Shape shape = _images.ImageShape;
        (int h, int w, int channels) = (shape[0], shape[1], shape[2]);
        var pixels = new byte[shape.ElementCount];
        _images.ReadImage(index, pixels);
        int step = (Math.Max(h, w) + MaxPictureSide - 1) / MaxPictureSide;
        var picture = new Picture((w + step - 1) / step, (h + step - 1) / step);
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                for (int c = 0; c < 3; c++)
                    picture.Pixels[(3 * ((y * picture.Width) + x)) + c] = Mean(y * step, x * step, channels is 3 or 4 ? c : 0);
            }
        }

        return picture.ToDataUri();

        byte Mean(int top, int left, int channel)
        {
            int sum = 0, count = 0;
            for (int y = top; y < Math.Min(top + step, h); y++)
            {
                for (int x = left; x < Math.Min(left + step, w); x++, count++)
                    sum += pixels[(((y * w) + x) * channels) + channel];
            }

            return (byte)((sum + (count / 2)) / count);
        }
    }

    private void Run(int threads, CancellationToken cancellationToken)
    {
        int classes = _images.Targets[0].Classes, count = _images.Count, length = _images.ImageShape.ElementCount;
        int outputs = _model.OutputShape.ElementCount;
        string? end = _model.OutputActivation;
        using var session = new InferenceSession(_model, new SessionOptions
        {
            MaxBatch = Math.Min(BatchSize, count),
            MaxThreads = threads == 0 ? CpuInfo.DefaultThreads : threads,
        });
        using var loader = new BatchLoader(_images.Normalized(_model.Normalization), session.MaxBatch, shuffle: false);
        var confusion = new ConfusionMatrixBuilder(classes);
        var output = new float[session.MaxBatch * outputs];
        var row = new double[classes];
        loader.StartEpoch(0, cancellationToken);
        for (int first = 0; loader.MoveNext(); first += loader.Current.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Batch batch = loader.Current;
            session.Run(batch.Input(), output.AsSpan(0, batch.Count * outputs), cancellationToken);
            for (int i = 0; i < batch.Count; i++)
            {
                if (batch.Labels()[i] >= 0)
                    Add(confusion, first + i, batch.Labels()[i], Probabilities(output.AsSpan(i * outputs, outputs), end, row));
            }
        }

        Confusion = confusion.ToMatrix();
        Loss /= Confusion.Total;
        CalibrationError = Calibration.Where(bin => bin.Count > 0)
            .Sum(bin => (double)bin.Count / Confusion.Total * Math.Abs(bin.Accuracy - bin.Confidence));
        _wrong.Sort(ByConfidence);
        if (_wrong.Count > MaxMistakes)
            _wrong.RemoveRange(MaxMistakes, _wrong.Count - MaxMistakes);
    }

    private static ReadOnlySpan<double> Probabilities(ReadOnlySpan<float> values, string? end, double[] row)
    {
        if (values.Length == 1)
            (row[0], row[1]) = (1.0 - values[0], values[0]);
        else
            ModelEnd.Probabilities(end, values, row);
        return row;
    }

    private static int ByConfidence(Answer a, Answer b) =>
        a.Confidence != b.Confidence ? b.Confidence.CompareTo(a.Confidence) : a.Index.CompareTo(b.Index);

    private void Add(ConfusionMatrixBuilder confusion, int index, int label, ReadOnlySpan<double> row)
    {
        int predicted = 0;
        for (int k = 1; k < row.Length; k++)
        {
            if (row[k] > row[predicted])
                predicted = k;
        }

        if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum(row)))
            throw new NotFiniteNumberException($"The model's output for image {index} is not finite; expected numbers: its weights are " +
                "damaged, or were saved by a training that failed.");
        confusion.Add(label, predicted);
        Loss -= Math.Log(Math.Max(row[label], float.Epsilon));
        int bin = Math.Clamp((int)Math.Ceiling(row[predicted] * Bins) - 1, 0, Bins - 1);
        _counts[bin]++;
        _confidences[bin] += row[predicted];
        if (predicted == label)
        {
            _right[bin]++;
            return;
        }

        WrongCount++;
        _wrong.Add(new Answer(index, label, predicted, (float)row[predicted], (float)row[label]));
        if (_wrong.Count < 64 * MaxMistakes)
            return;
        _wrong.Sort(ByConfidence);
        _wrong.RemoveRange(MaxMistakes, _wrong.Count - MaxMistakes);
    }
}
