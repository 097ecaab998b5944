using CnnFast.Training;

namespace CnnFast.Visualization;

/// <summary>What a model with one input and one output ends in.</summary>
internal static class ModelEnd
{
    /// <summary>The classes of the output, or 0 where it is no classifier's.</summary>
    public static int Classes(Model model) =>
        model.OutputShape.ElementCount == Channels(model.OutputShape) && Channels(model.OutputShape) > 1
            && model.OutputActivation is null or "Softmax" or "LogSoftmax" or "Sigmoid"
            ? Channels(model.OutputShape)
            : 0;

    /// <summary>The loss that belongs to the end: of labels, or of values for each class.</summary>
    public static ILoss Loss(Model model) => model.OutputActivation == "Sigmoid" ? new BinaryCrossEntropy() : new SoftmaxCrossEntropy();

    /// <summary>The probabilities in an output; softmax where the model ends without an activation.</summary>
    public static float[] Probabilities(Model model, ReadOnlySpan<float> output)
    {
        var result = new double[output.Length];
        Probabilities(model.OutputActivation, output, result);
        return [.. result.Select(probability => (float)probability)];
    }

    /// <summary>The probabilities in an output of a model that ends in an activation, or in none.</summary>
    public static void Probabilities(string? activation, ReadOnlySpan<float> output, Span<double> result)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < output.Length; i++)
            max = Math.Max(max, result[i] = output[i]);
        if (activation is "Softmax" or "Sigmoid")
            return;
        foreach (ref double value in result)
            sum += value = Math.Exp(value - max);
        foreach (ref double value in result)
            value /= sum;
    }

    /// <summary>Throws unless the model has one input that a picture fits and one output.</summary>
    /// <exception cref="ArgumentException">It has others.</exception>
    public static void RequireSingle(string who, Model model, int length)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Inputs.Count != 1 || model.Outputs.Count != 1)
            throw new ArgumentException($"{who}: the model has {model.Inputs.Count} inputs and {model.Outputs.Count} outputs; expected " +
                "one of each.", nameof(model));
        if (length != model.InputShape.ElementCount)
            throw new ShapeException($"{who}: {length} values were given; expected {model.InputShape.ElementCount} for one input " +
                $"{model.InputShape}.");
    }

    /// <summary>A shape without a batch of one.</summary>
    public static Shape Sample(Shape shape, bool hasBatch) => !hasBatch && shape.Rank > 1 && shape[0] == 1 ? shape.WithoutBatch() : shape;

    private static int Channels(Shape shape) => shape.Rank == 0 ? 1 : shape[shape.Rank - 1];
}
