using CnnFast.Layers;

namespace CnnFast.Visualization.Tests;

/// <summary>Nets whose numbers can be computed by hand.</summary>
internal static class Nets
{
    /// <summary>
    /// Two 1×1 filters, 1 and −1, the means of their maps m, and the scores 2 m₀ + m₁ and m₀ + 3 m₁ of two classes.
    /// </summary>
    public static Model TwoMaps(bool softmax = false)
    {
        List<Layer> layers = [new Conv2D(2, 1, name: "maps"), new GlobalAveragePool2D(name: "means"), new Dense(2, name: "scores")];
        if (softmax)
            layers.Add(new Softmax(name: "end"));
        Model model = new Sequential([.. layers]).Build(new Shape(2, 2, 1));
        Assign(model, "maps.filter", 1, -1);
        Assign(model, "scores.filter", 2, 1, 1, 3);
        return model;
    }

    /// <summary>A net with what computes otherwise in training.</summary>
    public static Model Trained(Layer? end = null)
    {
        Model model = new Sequential(new Conv2D(4, 3, name: "conv"), new BatchNormalization(name: "norm"), new Tanh(name: "tanh"),
            new MaxPool2D(2, name: "pool"), new SpatialDropout(0.4f), new Flatten(), new Dropout(0.5f), new Dense(3, name: "dense"),
            end ?? new Softmax(name: "end")).Build(new Shape(8, 6, 2), seed: 3);
        Assign(model, "norm.moving_mean", 0.2f, -0.1f, 0, 0.4f);
        Assign(model, "norm.moving_variance", 0.5f, 1.5f, 2, 0.7f);
        return model;
    }

    /// <summary>Numbers between −1 and 1.</summary>
    public static float[] Input(Model model, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, model.InputShape.ElementCount).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    public static void Assign(Model model, string parameter, params float[] values) =>
        model.Parameters.First(candidate => candidate.Name == parameter).Assign(values);
}
