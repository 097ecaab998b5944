using System.CommandLine;
using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary>A model that a command names: a file, or an architecture of the zoo with random weights.</summary>
internal static class ModelSource
{
    private const string Zoo = "zoo:";

    /// <summary>The argument.</summary>
    public static Argument<string> Argument() => new("MODEL")
    {
        Description = $"A model file (.safetensors or .onnx), or {Zoo}NAME for a well-known architecture with random weights: " +
            $"{string.Join(", ", ModelZoo.All.Select(model => model.Name))}.",
    };

    /// <summary>Whether the text names an architecture.</summary>
    public static bool IsZoo(string text) => text.StartsWith(Zoo, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the text names an ONNX file: by its content where there is such a file, else by its ending.</summary>
    public static bool IsOnnx(string text) => !IsZoo(text) && text.Length > 0 && OnnxModel.IsOnnx(text);

    /// <summary>Reads or builds a model with one input and one output.</summary>
    /// <exception cref="InputException">There is no architecture of that name, or the model has more inputs or outputs.</exception>
    public static Model LoadSingle(string text)
    {
        Model model = Load(text);
        return model.Inputs.Count == 1 && model.Outputs.Count == 1
            ? model
            : throw new InputException($"'{text}' has {model.Inputs.Count} inputs and {model.Outputs.Count} outputs; " +
                "this command takes models with one of each ('cnnfast run' and 'cnnfast bench' take any).");
    }

    /// <summary>Reads or builds a model whose shapes the file says.</summary>
    /// <exception cref="InputException">Shapes were given all the same, or there is no architecture of that name.</exception>
    public static Model LoadWithoutShapes(string text, string[] shapes)
    {
        RequireNoShapes(text, shapes);
        return Load(text);
    }

    /// <summary>Throws where shapes were given for a model that is no ONNX file.</summary>
    /// <exception cref="InputException">Shapes were given.</exception>
    public static void RequireNoShapes(string text, string[] shapes)
    {
        if (shapes.Length > 0)
            throw new InputException(
                $"--shape is '{shapes[0]}', but the shapes of '{text}' are fixed; expected --shape with ONNX models alone.");
    }

    /// <summary>Reads or builds the model.</summary>
    /// <exception cref="InputException">There is no architecture of that name.</exception>
    public static Model Load(string text)
    {
        if (IsOnnx(text))
            throw new InputException(
                $"'{text}' is an ONNX model; expected a model file (.safetensors), which 'cnnfast convert' makes of it.");
        if (!IsZoo(text))
            return Model.Load(text);
        ZooModel zoo = ModelZoo.Find(text[Zoo.Length..])
            ?? throw new InputException(
                $"MODEL is '{text}'; expected {Zoo} and one of {string.Join(", ", ModelZoo.All.Select(model => model.Name))}" +
                DidYouMean.End(text[Zoo.Length..], ModelZoo.All.Select(model => model.Name)));
        return zoo.Build(seed: 1);
    }
}
