using CnnFast.Data;

namespace CnnFast.Visualization;

/// <summary>What the layers of a model compute for one input, in inference. Immutable; may be read by several threads.</summary>
/// <example>
/// <code>
/// var activations = new Activations(model, digits.Test.GetImageBytes(3));
/// File.WriteAllBytes("three.png", Pictures.Pyramid(activations).ToPng());
/// </code>
/// </example>
public sealed class Activations
{
    /// <summary>Runs a model on an image.</summary>
    /// <param name="model">A model with one input <c>[H, W, C]</c> and one output.</param>
    /// <param name="image">The bytes of the image, <c>[H, W, C]</c>, which <see cref="Model.Normalization"/> turns into the input.</param>
    /// <param name="layers">Which layers, by a pattern in which * stands for any characters; null, the default, leaves out what is
    /// followed by an activation or normalisation alone, and what only changes a shape.</param>
    /// <param name="maxThreads">The most threads; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all processors.</param>
    /// <exception cref="ArgumentException">The model has several inputs or outputs, or no layer fits the pattern.</exception>
    /// <exception cref="ShapeException">The image has another length than the input.</exception>
    public Activations(Model model, ReadOnlySpan<byte> image, string? layers = null, int maxThreads = 0)
        : this(model, Normalized(model, image), layers, maxThreads)
    {
    }

    /// <summary>Runs a model on an input.</summary>
    /// <param name="model">A model with one input and one output.</param>
    /// <param name="input">The input of one sample.</param>
    /// <param name="layers">Which layers, by a pattern in which * stands for any characters; null, the default, leaves out what is
    /// followed by an activation or normalisation alone, and what only changes a shape.</param>
    /// <param name="maxThreads">The most threads; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all processors.</param>
    /// <exception cref="ArgumentException">The model has several inputs or outputs, or no layer fits the pattern.</exception>
    /// <exception cref="ShapeException">The input has another length than the model's.</exception>
    public Activations(Model model, ReadOnlySpan<float> input, string? layers = null, int maxThreads = 0)
    {
        ModelEnd.RequireSingle(nameof(Activations), model, input.Length);
        (Model, Pattern) = (model, layers);
        IReadOnlyList<LayerInfo> chosen = LayerChoice.Of(model, layers);
        LayerInfo end = model.Layers.Last(layer => layer.IsOutput);
        string[] names = [.. chosen.Select(layer => layer.Name).Append(end.Name).Distinct()];
        names = [.. names.Zip(model.WithOutputs(names).Outputs).Where(pair => pair.Second.ElementType == ElementType.Float32)
            .Select(pair => pair.First)];
        Model open = model.WithOutputs(names);
        using var session = new InferenceSession(open, new SessionOptions { MaxThreads = maxThreads, WarmUp = false });
        float[] given = input.ToArray();
        float[][] outputs = [.. open.Outputs.Select(output => new float[output.Shape.ElementCount])];
        session.Run([given], [.. outputs.Select(output => output.AsMemory())]);
        LayerInfo first = model.Layers[0];
        Input = new LayerValues(first.Name, first.Kind, ModelEnd.Sample(first.OutputShape, first.HasBatch), given);
        var kinds = model.Layers.ToDictionary(layer => layer.Name);
        LayerValues[] values = [.. names.Zip(outputs).Select(pair => Values(kinds[pair.First], pair.Second))];
        Output = values[^1].Name == end.Name ? values[^1] : values.First(layer => layer.Name == end.Name);
        HashSet<string> shown = [.. chosen.Select(layer => layer.Name)];
        Layers = [.. values.Where(layer => shown.Contains(layer.Name))];
        Probabilities = ModelEnd.Classes(model) > 0 ? ModelEnd.Probabilities(model, Output.Values.Span) : [];
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>The input.</summary>
    public LayerValues Input { get; }

    /// <summary>What the layers computed, in the order of <see cref="Model.Layers"/>.</summary>
    public IReadOnlyList<LayerValues> Layers { get; }

    /// <summary>What the model gives.</summary>
    public LayerValues Output { get; }

    /// <summary>
    /// The probability of each class (of a model that ends in Sigmoid, of each label for itself; of one that ends without an activation,
    /// the softmax of its output); empty where the output is not that of a classifier.
    /// </summary>
    public IReadOnlyList<float> Probabilities { get; }

    /// <summary>The likeliest class, or null where the model is no classifier, or a probability is no number.</summary>
    public int? Predicted => Probabilities.Count == 0 || Probabilities.Any(float.IsNaN)
        ? null
        : Probabilities.Index().MaxBy(pair => pair.Item).Index;

    internal string? Pattern { get; }

    /// <summary>The name of a class, or <c>class 3</c> where the model does not say it.</summary>
    /// <param name="index">Its number from 0.</param>
    /// <returns>The name.</returns>
    public string ClassName(int index) => Model.ClassNames?[index] ?? $"class {index}";

    internal static float[] Normalized(Model model, ReadOnlySpan<byte> image)
    {
        ModelEnd.RequireSingle(nameof(Activations), model, image.Length);
        var input = new float[image.Length];
        model.Normalization.Apply(image, input);
        return input;
    }

    private static LayerValues Values(LayerInfo layer, float[] values) =>
        new(layer.Name, layer.Kind, ModelEnd.Sample(layer.OutputShape, layer.HasBatch), values);
}
