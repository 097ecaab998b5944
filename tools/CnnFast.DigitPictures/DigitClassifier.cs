namespace CnnFast.DigitPictures;

/// <summary>What a model must be to classify pictures, and the probabilities in its output.</summary>
internal static class DigitClassifier
{
    /// <summary>Whether a model maps pictures with one channel to classes.</summary>
    public static bool Fits(Model model) => model.InputShape.Rank == 3 && model.InputShape[2] == 1 && model.OutputShape.Rank == 1;

    /// <summary>
    /// Turns a model's output into probabilities in its place: one that ends in logits gets the softmax that its training had.
    /// </summary>
    public static void ToProbabilities(Model model, Span<float> output)
    {
        if (model.OutputActivation is "Softmax" or "Sigmoid")
            return;
        double max = double.NegativeInfinity;
        foreach (float value in output)
            max = Math.Max(max, value);
        double sum = 0;
        foreach (float value in output)
            sum += Math.Exp(value - max);
        foreach (ref float value in output)
            value = (float)(Math.Exp(value - max) / sum);
    }
}
