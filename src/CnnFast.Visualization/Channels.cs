namespace CnnFast.Visualization;

/// <summary>Where the channels of an input are.</summary>
internal static class Channels
{
    /// <summary>
    /// Whether a model's input lies as planes, <c>[C, H, W]</c>, as those of imported models do in the order of their files: the first
    /// layer with windows reads it in another order then.
    /// </summary>
    public static bool AreFirst(Model model)
    {
        Shape input = SampleOf(model.Layers[0]);
        if (input.Rank != 3 || input[0] is not (1 or 3) || input[2] is 1 or 3)
            return false;
        LayerInfo? window = model.Layers.FirstOrDefault(layer => layer.Kind.Contains("2D", StringComparison.Ordinal));
        return window is null || SampleOf(model.Layers.First(layer => layer.Name == window.Inputs[0])) != input;
    }

    private static Shape SampleOf(LayerInfo layer) => ModelEnd.Sample(layer.OutputShape, layer.HasBatch);
}
