using System.Globalization;
using CnnFast.Files;

namespace CnnFast.Cli;

/// <summary>An array of a folder of given inputs and outputs.</summary>
/// <param name="Path">The NumPy file.</param>
/// <param name="Name">The tensor of the model; null where the file's name says its place.</param>
/// <param name="Input">Which input it is by the file's name; −1 where it is none.</param>
/// <param name="Output">Which output it is by the file's name; −1 where it is none.</param>
internal sealed record GoldenTensor(string Path, string? Name, int Input, int Output)
{
    private const string Manifest = "manifest.txt";
    private const string NameMark = " name=";
    private const string ShapeMark = " shape=";

    /// <summary>
    /// The arrays that a folder's manifest lists; without one, those named <c>input_0.npy</c> and <c>output_0.npy</c> and so on.
    /// </summary>
    /// <exception cref="InputException">There is no such folder or nothing in it, or a line of the manifest is none.</exception>
    public static IReadOnlyList<GoldenTensor> List(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"--golden is '{folder}'; expected a folder of NumPy arrays.");
        string manifest = System.IO.Path.Combine(folder, Manifest);
        GoldenTensor[] tensors = File.Exists(manifest)
            ? [.. File.ReadAllLines(manifest).Where(line => line.Trim().Length > 0).Select(line => Parse(folder, line))]
            : [.. Directory.EnumerateFiles(folder, "*.npy")
                .Order(StringComparer.Ordinal)
                .Select(path => Of(path, null))
                .Where(tensor => tensor.Input >= 0 || tensor.Output >= 0)];
        return tensors.Length > 0
            ? tensors
            : throw new InputException(
                $"'{folder}' has neither {Manifest} nor input_0.npy and output_0.npy; expected given inputs and outputs.");
    }

    /// <summary>The array as floats.</summary>
    public (Shape Shape, float[] Values) Read()
    {
        NpyArray array = NpyFile.Read(Path);
        return (array.Shape, array.Data.ToArray());
    }

    /// <summary>The name of the tensor in a model.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="outputs">The model's outputs.</param>
    /// <param name="known">The names of all values of the model.</param>
    /// <exception cref="InputException">The model has no such tensor.</exception>
    public string NameIn(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlySet<string> known)
    {
        if (Name is not null && (known.Contains(Name) || inputs.Contains(Name) || outputs.Contains(Name)))
            return Name;
        if (Input >= 0 && Input < inputs.Count)
            return inputs[Input];
        return Output >= 0 && Output < outputs.Count
            ? outputs[Output]
            : throw new InputException($"'{Path}' is for {(Name is null ? "an input or output" : $"'{Name}'")}, which the model does not " +
                $"have; expected names of its values, such as {string.Join(", ", inputs.Concat(outputs).Select(name => $"'{name}'"))}.");
    }

    private static GoldenTensor Parse(string folder, string line)
    {
        int name = line.IndexOf(NameMark, StringComparison.Ordinal);
        int shape = line.LastIndexOf(ShapeMark, StringComparison.Ordinal);
        if (name < 1 || (shape >= 0 && shape < name + NameMark.Length))
            throw new InputException(
                $"{Manifest} in '{folder}' has the line '{InspectCommand.Printable(line)}'; expected FILE name=TENSOR shape=[...].");
        string file = line[..name].Trim();
        if (file != System.IO.Path.GetFileName(file))
            throw new InputException($"{Manifest} in '{folder}' names '{InspectCommand.Printable(file)}'; expected a file of that folder.");
        return Of(System.IO.Path.Combine(folder, file),
            shape < 0 ? line[(name + NameMark.Length)..].Trim() : line[(name + NameMark.Length)..shape]);
    }

    private static GoldenTensor Of(string path, string? name)
    {
        string file = System.IO.Path.GetFileNameWithoutExtension(path);
        return new GoldenTensor(path, name, Number(file, "input_"), Number(file, "output_"));
    }

    private static int Number(string file, string prefix) =>
        file.StartsWith(prefix, StringComparison.Ordinal)
                && int.TryParse(file.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : -1;
}
