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
        string? activation = model.OutputActivation;
        float[] result = [.. output];
        if (activation is "Softmax" or "Sigmoid")
            return result;
        double max = double.NegativeInfinity;
        foreach (float value in output)
            max = Math.Max(max, value);
        double sum = 0;
        foreach (float value in output)
            sum += Math.Exp(value - max);
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)(Math.Exp(result[i] - max) / sum);
        return result;
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
