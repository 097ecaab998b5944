using System.CommandLine;

namespace CnnFast.Cli;

/// <summary>A model that a command names: a file, or an architecture of the zoo with random weights.</summary>
internal static class ModelSource
{
    private const string Zoo = "zoo:";

    /// <summary>The argument.</summary>
    public static Argument<string> Argument() => new("MODEL")
    {
        Description = $"A model file (.safetensors), or {Zoo}NAME for a well-known architecture with random weights: {string.Join(", ", ModelZoo.All.Select(model => model.Name))}.",
    };

    /// <summary>Whether the text names an architecture.</summary>
    public static bool IsZoo(string text) => text.StartsWith(Zoo, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads or builds a model with one input and one output.</summary>
    /// <exception cref="InputException">There is no architecture of that name, or the model has more inputs or outputs.</exception>
    public static Model LoadSingle(string text)
    {
        Model model = Load(text);
        return model.Inputs.Count == 1 && model.Outputs.Count == 1
            ? model
            : throw new InputException($"'{text}' has {model.Inputs.Count} inputs and {model.Outputs.Count} outputs; this command takes models with one of each ('cnnfast run' and 'cnnfast bench' take any).");
    }

    /// <summary>Reads or builds the model.</summary>
    /// <exception cref="InputException">There is no architecture of that name.</exception>
    public static Model Load(string text)
    {
        if (!IsZoo(text))
            return Model.Load(text);
        ZooModel zoo = ModelZoo.Find(text[Zoo.Length..])
            ?? throw new InputException($"MODEL is '{text}'; expected {Zoo} and one of {string.Join(", ", ModelZoo.All.Select(model => model.Name))}.");
        return zoo.Build(seed: 1);
    }
}
