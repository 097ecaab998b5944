using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>
/// What a body that stays frozen computes of every sample, computed once: a head on it then trains as fast as a head alone.
/// </summary>
/// <example>
/// <code>
/// Model body = backbone.WithoutHead();
/// IDataset features = Features.Compute(body, photos);
/// Model head = new Sequential(new GlobalAveragePool2D(), new Dense(4), new Softmax()).Build(body.OutputShape);
/// new Trainer(head, new Adam()).Fit(features, new FitOptions { Epochs = 50 });
/// </code>
/// </example>
public static class Features
{
    /// <summary>Runs a model over a data set, as in inference, and keeps its output in memory.</summary>
    /// <param name="body">The model, with one input and one output.</param>
    /// <param name="data">The samples; images are normalised by the model's <see cref="Model.Normalization"/>.</param>
    /// <param name="options">Random changes, batch and threads.</param>
    /// <param name="progress">Told the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it with an exception within one batch.</param>
    /// <returns>A data set of the features with the targets of the samples.</returns>
    /// <exception cref="ShapeException">The samples do not fit the model, or the features do not fit one buffer.</exception>
    /// <exception cref="ArgumentException">An option is out of range, there are random changes and the samples are no images, or the
    /// images are normalised by other numbers than the model's.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IDataset Compute(Model body, IDataset data, FeatureOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FeatureOptions();
        Require(body, data, options);
        IDataset plain = ImageInputs.Of("Features", data, body.Normalization);
        IDataset changed = ImageInputs.Of("Features", data, body.Normalization, options.Augmentation, options.Seed);
        if (!changed.Targets.SequenceEqual(plain.Targets))
            throw new ArgumentException("Features: the random changes mix samples, so that targets become others; expected changes of " +
                "single images.", nameof(options));

        IWorkScheduler scheduler = WorkScheduler.Create(options.MaxThreads);
        var plan =
            new ExecutionPlan(body.Graph, new PlanOptions(Math.Min(options.BatchSize, data.Count), scheduler, options.ConvAlgorithm));
        var memory = new RunMemory(plan);
        var features = new FeatureDataset(body.OutputShape, plain, options.Variants);
        for (int variant = 0; variant < options.Variants; variant++)
        {
            using var loader = new BatchLoader(variant == 0 ? plain : changed, plan.MaxBatch, shuffle: false,
                prefetch: scheduler.MaxThreads > 1);
            loader.StartEpoch(variant, cancellationToken);
            while (loader.MoveNext())
            {
                Batch batch = loader.Current;
                int first = batch.Index * loader.BatchSize;
                plan.Run(batch.Count, batch.Input(), features.Features(variant, first, batch.Count), memory);
                features.SetTargets(variant, first, batch);
                progress?.Report((variant + ((first + batch.Count) / (double)data.Count)) / options.Variants);
            }

            features.ShareTargets(variant);
        }

        return features;
    }

    private static void Require(Model body, IDataset data, FeatureOptions options)
    {
        OptionCheck.AtLeast("Features", nameof(options.BatchSize), options.BatchSize, 1);
        OptionCheck.AtLeast("Features", nameof(options.Variants), options.Variants, 1);
        OptionCheck.AtLeast("Features", nameof(options.MaxThreads), options.MaxThreads, 0);
        OptionCheck.Defined("Features", options.ConvAlgorithm);
        if (body.Inputs.Count != 1 || body.Outputs.Count != 1 || !body.Inputs[0].HasBatch || !body.Outputs[0].HasBatch)
            throw new ShapeException(
                "Features: the model has several inputs or outputs, or computes one batch of fixed size; expected one " +
                "input and one output with a value for every sample.");
        if (data.Inputs.Count != 1 || data.Inputs[0] != body.InputShape)
            throw new ShapeException($"Features: the samples have the shape {data.Inputs[0]}; the model expects {body.InputShape}.");
        if (options.Augmentation is not null && data is not IImageDataset)
            throw new ArgumentException("Features: Augmentation is for the bytes of an IImageDataset; the data set is of type " +
                $"{data.GetType().Name}.", nameof(options));
        if (options.Variants > 1 && options.Augmentation is null)
            throw new ArgumentException($"Features: Variants is {options.Variants} without Augmentation; expected 1, because all of them " +
                "would be the same.", nameof(options));
    }

    /// <summary>The features in memory: an epoch takes the variant of its turn.</summary>
    private sealed class FeatureDataset : IDataset
    {
        private readonly float[][] _features;
        private readonly Array[][] _targets;
        private readonly float[] _weights;
        private readonly int _length;

        public FeatureDataset(Shape shape, IDataset data, int variants)
        {
            long floats = (long)shape.ElementCount * data.Count;
            if (floats > Array.MaxLength)
                throw new ShapeException($"Features: {data.Count} samples of {shape} are {floats} values; expected at most " +
                    $"{Array.MaxLength}: cut the body later, or pool its output.");
            (Count, Inputs, Targets, ClassNames) = (data.Count, [shape], [.. data.Targets], data.ClassNames);
            HasSampleWeights = data.HasSampleWeights;
            _length = shape.ElementCount;
            _features = [.. Enumerable.Range(0, variants).Select(_ => new float[floats])];
            _targets = new Array[variants][];
            _weights = new float[data.HasSampleWeights ? data.Count : 0];
        }

        public int Count { get; }

        public IReadOnlyList<Shape> Inputs { get; }

        public IReadOnlyList<TargetInfo> Targets { get; }

        public bool HasSampleWeights { get; }

        public IReadOnlyList<string>? ClassNames { get; }

        public Span<float> Features(int variant, int first, int count) => _features[variant].AsSpan(first * _length, count * _length);

        public void SetTargets(int variant, int first, Batch batch)
        {
            Array[] targets = _targets[variant] ??= [.. Targets.Select(target => target.IsLabels
                ? (Array)new int[(long)Count * target.Shape.ElementCount]
                : new float[(long)Count * target.Shape.ElementCount])];
            for (int i = 0; i < targets.Length; i++)
            {
                if (targets[i] is int[] labels)
                    batch.Labels(i).CopyTo(labels.AsSpan(first * Targets[i].Shape.ElementCount));
                else
                    batch.Values(i).CopyTo(((float[])targets[i]).AsSpan(first * Targets[i].Shape.ElementCount));
            }

            batch.SampleWeights.CopyTo(_weights.AsSpan(HasSampleWeights ? first : 0));
        }

        /// <summary>Keeps targets once that the changes of a variant left as they are; labels of pixels move with the images.</summary>
        public void ShareTargets(int variant)
        {
            for (int i = 0; i < Targets.Count; i++)
            {
                bool isSame = _targets[variant][i] is int[] labels
                    ? labels.AsSpan().SequenceEqual((int[])_targets[0][i])
                    : ((float[])_targets[variant][i]).AsSpan().SequenceEqual((float[])_targets[0][i]);
                if (isSame)
                    _targets[variant][i] = _targets[0][i];
            }
        }

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
        {
            int variant = epoch % _features.Length;
            Copy(_features[variant], _length, indices, batch.Input());
            for (int i = 0; i < Targets.Count; i++)
            {
                int length = Targets[i].Shape.ElementCount;
                if (_targets[variant][i] is int[] labels)
                    Copy(labels, length, indices, batch.Labels(i));
                else
                    Copy((float[])_targets[variant][i], length, indices, batch.Values(i));
            }

            if (HasSampleWeights)
                Copy(_weights, 1, indices, batch.SampleWeights);
        }

        private static void Copy<T>(T[] from, int length, ReadOnlySpan<int> indices, Span<T> to)
        {
            for (int i = 0; i < indices.Length; i++)
                from.AsSpan(indices[i] * length, length).CopyTo(to[(i * length)..]);
        }
    }
}
