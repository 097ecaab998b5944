using CnnFast.Training;

namespace CnnFast.Visualization;

/// <summary>
/// The gradients of the loss of one input by what every layer computes, and of the score of a class by the input. Layers compute as in
/// inference; the model stays as it is. One caller at a time.
/// </summary>
public sealed class Gradients
{
    private readonly TrainingSession _session;
    private readonly Model _model;
    private readonly float[] _input;
    private readonly HashSet<string> _kept;

    /// <summary>Computes the gradients.</summary>
    /// <param name="model">A classifier with one input and one output that ends in Softmax, LogSoftmax, Sigmoid or no activation.</param>
    /// <param name="input">The input of one sample, as <see cref="Activations.Input"/> has it.</param>
    /// <param name="label">The right class; null takes the likeliest one, and says so in <see cref="IsPredicted"/>.</param>
    /// <param name="maxThreads">The most threads; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all processors.</param>
    /// <exception cref="ArgumentException">The model is no such classifier.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label is none of the classes.</exception>
    /// <exception cref="ShapeException">The input has another length than the model's.</exception>
    /// <exception cref="NotSupportedException">An operation of an imported model has no gradient.</exception>
    public Gradients(Model model, ReadOnlySpan<float> input, int? label = null, int maxThreads = 0)
    {
        ModelEnd.RequireSingle(nameof(Gradients), model, input.Length);
        int classes = ModelEnd.Classes(model);
        if (classes == 0)
            throw new ArgumentException($"Gradients: the model gives {model.OutputShape} and ends in " +
                $"{model.OutputActivation ?? "no activation"}; expected a classifier that gives a number for each class and ends in " +
                "Softmax, LogSoftmax, Sigmoid or no activation.", nameof(model));
        Require("label", label, classes);
        (_model, _input) = (model, input.ToArray());
        ILoss loss = ModelEnd.Loss(model);
        var options = new TrainingSessionOptions
        {
            MaxBatch = 1,
            MaxThreads = maxThreads,
            Inference = true,
            Losses = [new LossTerm(loss)],
        };
        IReadOnlyList<string> names = TrainingSession.ValuesWithGradient(model, options);
        _kept = [.. names];
        _session = new TrainingSession(model, options with { Values = names });
        _session.Forward(1, _input);
        ReadOnlySpan<float> scores = _session.Output();
        IsPredicted = label is null;
        Label = label ?? Largest(scores);
        Loss = loss is BinaryCrossEntropy ? _session.Loss(OneHot(Label, classes)) : _session.Loss([Label]);
        Output = new LayerValues("loss", "Gradient", new Shape(classes), _session.OutputGradient().ToArray());
        _session.Backward();
        Layers = [.. model.Layers.Where(layer => _kept.Contains(layer.Name)).Select(layer => new LayerValues(layer.Name, layer.Kind,
            ModelEnd.Sample(layer.OutputShape, layer.HasBatch), _session.ValueGradient(layer.Name).ToArray()))];
    }

    /// <summary>The class that the loss takes as right.</summary>
    public int Label { get; }

    /// <summary>Whether the label is what the model predicted, since none was given.</summary>
    public bool IsPredicted { get; }

    /// <summary>The loss: the cross-entropy.</summary>
    public double Loss { get; }

    /// <summary>
    /// The gradient by what goes into the Softmax or Sigmoid at the end: the probabilities minus 1 at the label and 0 elsewhere, ŷ − y.
    /// Of a model that ends in Sigmoid divided by the number of labels, over which the loss is a mean.
    /// </summary>
    public LayerValues Output { get; }

    /// <summary>
    /// The gradients by the input and by what the layers compute, in the order of <see cref="Model.Layers"/>; without those of layers
    /// that lead to the loss through an operation without a gradient, and of what follows the scores.
    /// </summary>
    public IReadOnlyList<LayerValues> Layers { get; }

    /// <summary>
    /// The gradient of the score of a class, before the Softmax or Sigmoid, by the input: of every pixel the largest magnitude of its
    /// channels (Simonyan, Vedaldi and Zisserman 2013).
    /// </summary>
    /// <param name="classIndex">The class.</param>
    /// <returns>A map of the size of the input.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="ArgumentException">The input is no image, or has no gradient.</exception>
    public HeatMap Saliency(int classIndex)
    {
        LayerInfo input = _model.Layers[0];
        Shape shape = ModelEnd.Sample(input.OutputShape, input.HasBatch);
        if (shape.Rank != 3 || !_kept.Contains(input.Name))
            throw new ArgumentException($"Gradients.Saliency: the input '{input.Name}' is {shape}{(shape.Rank == 3 ? " without a gradient"
                : "")}; expected an image [H, W, C] that leads to the score.");
        BackwardFromClass(classIndex);
        ReadOnlySpan<float> gradient = _session.ValueGradient(input.Name);
        bool planes = Channels.AreFirst(_model);
        (int height, int width, int channels) = planes ? (shape[1], shape[2], shape[0]) : (shape[0], shape[1], shape[2]);
        var map = new float[height * width];
        for (int i = 0; i < gradient.Length; i++)
        {
            ref float pixel = ref map[planes ? i % map.Length : i / channels];
            pixel = MathF.Max(pixel, MathF.Abs(gradient[i]));
        }

        return new HeatMap(height, width, map);
    }

    /// <summary>
    /// Grad-CAM (Selvaraju et al. 2017): the maps of the last convolution, with the normalisation, activation and sum behind it, weighted
    /// by the spatial means of the gradient of a class's score by them, added, and cut off below 0. Of the size of the maps;
    /// <see cref="HeatMap.Resize"/> lays it over the picture.
    /// </summary>
    /// <param name="classIndex">The class.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="ArgumentException">The model has no convolution with maps of more than one pixel.</exception>
    public HeatMap GradCam(int classIndex)
    {
        LayerInfo layer = CamLayer();
        BackwardFromClass(classIndex);
        Shape shape = ModelEnd.Sample(layer.OutputShape, layer.HasBatch);
        ReadOnlySpan<float> values = _session.Value(layer.Name);
        ReadOnlySpan<float> gradient = _session.ValueGradient(layer.Name);
        (int pixels, int channels) = (shape[0] * shape[1], shape[2]);
        var weights = new double[channels];
        for (int i = 0; i < gradient.Length; i++)
            weights[i % channels] += gradient[i] / (double)pixels;
        var map = new float[pixels];
        for (int i = 0; i < pixels; i++)
        {
            double sum = 0;
            for (int c = 0; c < channels; c++)
                sum += weights[c] * values[(i * channels) + c];
            map[i] = (float)Math.Max(0, sum);
        }

        return new HeatMap(shape[0], shape[1], map);
    }

    /// <summary>The layer whose maps <see cref="GradCam"/> weighs.</summary>
    internal LayerInfo CamLayer()
    {
        LayerInfo layer = _model.Layers.LastOrDefault(layer => LayerChoice.Kind(layer).Contains("Conv2D", StringComparison.Ordinal)
            && _kept.Contains(layer.Name) && ModelEnd.Sample(layer.OutputShape, layer.HasBatch) is { Rank: 3 } shape
            && (long)shape[0] * shape[1] > 1)
            ?? throw new ArgumentException("Gradients.GradCam: no convolution of the model computes maps of more than one pixel; " +
                "expected one.");
        while (_model.Layers.Where(reader => reader.Inputs.Contains(layer.Name)).ToArray() is [var next] && _kept.Contains(next.Name)
            && next.OutputShape == layer.OutputShape && (LayerChoice.IsFollower(next) || LayerChoice.Kind(next) is "Add"))
            layer = next;
        return layer;
    }

    internal static void Require(string what, int? index, int classes)
    {
        if (index is { } given && (given < 0 || given >= classes))
            throw new ArgumentOutOfRangeException(null, $"The {what} is {given}; expected 0 to {classes - 1}, a class of the model.");
    }

    private void BackwardFromClass(int classIndex)
    {
        Require("class", classIndex, ModelEnd.Classes(_model));
        _session.Forward(1, _input);
        Span<float> gradient = _session.OutputGradient();
        gradient.Clear();
        gradient[classIndex] = 1;
        _session.Backward();
    }

    private static float[] OneHot(int label, int classes)
    {
        var values = new float[classes];
        values[label] = 1;
        return values;
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            best = values[i] > values[best] ? i : best;
        return best;
    }
}
