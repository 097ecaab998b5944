using System.IO.Enumeration;

namespace CnnFast.Visualization;

/// <summary>Which layers of a model are shown.</summary>
internal static class LayerChoice
{
    private static readonly HashSet<string> Views = ["Flatten", "Reshape", "Dropout", "SpatialDropout", "ZeroPadding2D", "Rescaling"];

    private static readonly HashSet<string> Functions =
    [
        .. Enum.GetNames<Activation>(), "ReLU", "ReLU6", "LeakyReLU", "PReLU", "ELU", "SiLU", "HardSwish", "GELU", "Mish", "Softplus",
        "Sigmoid", "Tanh",
    ];

    private static readonly HashSet<string> Normalizations =
        ["BatchNormalization", "GroupNormalization", "InstanceNormalization", "LayerNormalization", "ChannelAffine"];

    /// <summary>The layers that a pattern fits; without one those that are not followed by what shows the same better.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pattern">A pattern in which * stands for any characters, or null.</param>
    /// <exception cref="ArgumentException">It fits none.</exception>
    public static IReadOnlyList<LayerInfo> Of(Model model, string? pattern)
    {
        LayerInfo[] layers = [.. model.Layers.Where(layer => layer.Kind is not "Input" && !layer.Kind.EndsWith("Constant",
            StringComparison.Ordinal))];
        if (pattern is null)
            return [.. layers.Where(layer => !IsLeftOut(model, layer))];
        LayerInfo[] chosen = [.. layers.Where(layer => FileSystemName.MatchesSimpleExpression(pattern, layer.Name, ignoreCase: false))];
        return chosen.Length > 0
            ? chosen
            : throw new ArgumentException($"No layer is named '{pattern}'; expected a pattern in which * stands for any characters, for " +
                $"layers such as {string.Join(", ", layers.Take(4).Select(layer => $"'{layer.Name}'"))}.", nameof(pattern));
    }

    /// <summary>Whether it is an activation or ends in one, Softmax left out.</summary>
    public static bool HasActivation(LayerInfo layer) => layer.Activation is { } activation && Functions.Contains(activation);

    /// <summary>Whether it computes an activation or a normalisation.</summary>
    public static bool IsFollower(LayerInfo layer) => Functions.Contains(Kind(layer)) || Normalizations.Contains(Kind(layer));

    /// <summary>The kind without the group of imported operations.</summary>
    public static string Kind(LayerInfo layer) => layer.Kind[(layer.Kind.LastIndexOf('.') + 1)..];

    private static bool IsLeftOut(Model model, LayerInfo layer)
    {
        if (Views.Contains(Kind(layer)) || (layer.IsOutput && Kind(layer) is "Softmax"))
            return true;
        LayerInfo[] readers = [.. model.Layers.Where(reader => reader.Inputs.Contains(layer.Name))];
        return readers.Length > 0 && readers.All(IsFollower);
    }
}
