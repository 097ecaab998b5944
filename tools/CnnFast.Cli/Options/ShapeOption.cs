using System.CommandLine;
using System.Globalization;
using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary><c>--shape [name=]1x3x48x192</c>: the dimensions of inputs that an ONNX model leaves open.</summary>
internal static class ShapeOption
{
    private const string Name = "--shape";

    /// <summary>The option.</summary>
    public static Option<string[]> Create() => new(Name)
    {
        Description = "The dimensions of an input, batch first, where an ONNX model leaves some open; once an input.",
        HelpName = "[name=]1x3x48x192",
    };

    /// <summary>The dimensions that the option gives, by the name of the input.</summary>
    /// <param name="path">The model, for messages.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="values">What was given.</param>
    /// <exception cref="InputException">A shape is none, or names no input.</exception>
    public static Dictionary<string, int[]> Parse(string path, IReadOnlyList<OnnxTensorInfo> inputs, string[] values)
    {
        var shapes = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (string value in values)
        {
            int at = value.LastIndexOf('=');
            string? name = at >= 0 ? value[..at] : inputs.Count == 1 ? inputs[0].Name : null;
            if (name is null || inputs.All(input => input.Name != name))
                throw new InputException($"{Name} is '{value}'; " +
                    $"expected name=dimensions for {string.Join(", ", inputs.Select(input => $"'{input.Name}'"))} of " +
                    $"'{path}'{(inputs.Count == 1 ? ", or dimensions alone" : "")}.");
            var dimensions = new List<int>();
            foreach (string part in value[(at + 1)..].Split('x', 'X'))
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension) || dimension < 1)
                    throw new InputException($"{Name} is '{value}'; expected dimensions such as 1x3x48x192.");
                dimensions.Add(dimension);
            }

            if (!shapes.TryAdd(name, [.. dimensions]))
                throw new InputException($"{Name} gives '{name}' twice; expected one shape.");
        }

        return shapes;
    }

    /// <summary>
    /// A sentence that says which dimensions are open and not given; null where none is. The first one, the
    /// batch, is 1 where nothing is said.
    /// </summary>
    public static string? Missing(string path, IReadOnlyList<OnnxTensorInfo> inputs, Dictionary<string, int[]> shapes)
    {
        OnnxTensorInfo[] open = [.. inputs.Where(input =>
            !shapes.ContainsKey(input.Name) && (input.Dimensions is null || input.Dimensions.Skip(1).Contains(-1)))];
        if (open.Length == 0)
            return null;
        string asked = string.Join(' ', open.Select(input => $"{Name} {(inputs.Count == 1 ? "" : input.Name + "=")}{Template(input)}"));
        return $"'{path}' leaves dimensions open ({string.Join("; ", open.Select(input => input.ToString()))}); " +
            $"expected {asked}{(open.All(input => input.Dimensions is null) ? "" : " with numbers for the letters")}.";
    }

    // Letters where numbers are to be given, as images have their sizes.
    private static string Template(OnnxTensorInfo input)
    {
        if (input.Dimensions is not { } dimensions)
            return "1x3x224x224 or the like";
        var parts = new string[dimensions.Count];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = dimensions[i] >= 0 ? dimensions[i].ToString(CultureInfo.InvariantCulture)
                : i == 0 ? "1"
                : parts.Length == 4 ? "NCHW"[i].ToString()
                : $"D{i}";
        return string.Join('x', parts);
    }
}
