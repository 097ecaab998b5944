using CnnFast.Files;
using CnnFast.Onnx;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// An ONNX file with inputs for it: the given ones that lie beside it (<c>input_0.npy</c>, …) where they are of the wanted shapes, else
/// random ones from a fixed seed.
/// </summary>
internal sealed class OnnxCase
{
    private OnnxCase(string path, OnnxModel file, IReadOnlyDictionary<string, int[]> shapes)
    {
        Path = path;
        Dictionary<string, int[]> wanted = file.Inputs.Select((input, i) => (input, i))
            .ToDictionary(pair => pair.input.Name, pair => DimensionsOf(pair.input, pair.i, shapes));
        Dimensions = wanted;
        Inputs = [.. file.Inputs.Select((input, i) =>
            ReadGiven(i, wanted[input.Name]) ?? Testing.SeededData.Uniform(Count(wanted[input.Name]), i + 1))];
        Model = file.ToModel(Dimensions);
        Batch = Inputs[0].Length / Model.Inputs[0].Shape.ElementCount;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The name of its row: that of the file, or of its folder where the file is called model.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path) is var name && name != "model"
        ? name
        : System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);

    /// <summary>The dimensions of the inputs by name.</summary>
    public IReadOnlyDictionary<string, int[]> Dimensions { get; }

    /// <summary>The inputs in the order of the file.</summary>
    public float[][] Inputs { get; }

    /// <summary>The model for these dimensions.</summary>
    public Model Model { get; }

    /// <summary>Samples of a run.</summary>
    public int Batch { get; }

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shapes">Dimensions of inputs by name; the empty name is that of the first input.</param>
    /// <exception cref="NotSupportedException">The model holds something that is not supported.</exception>
    /// <exception cref="DataFormatException">The file is damaged or does not fit the dimensions.</exception>
    public static OnnxCase Load(string path, IReadOnlyDictionary<string, int[]> shapes) => new(path, OnnxModel.Load(path), shapes);

    // What is given, else what lies beside the file, else what the file says with a batch of 1.
    private int[] DimensionsOf(OnnxTensorInfo input, int index, IReadOnlyDictionary<string, int[]> shapes)
    {
        if (input.ElementType != ElementType.Float32)
            throw new NotSupportedException($"{Path}: the input {input} is not of floats, which is all that sessions take.");
        if (shapes.TryGetValue(input.Name, out int[]? given) || (index == 0 && shapes.TryGetValue("", out given)))
            return given;
        if (File.Exists(GivenInput(index)))
            return NpyFile.Read(GivenInput(index)).Shape.Dimensions.ToArray();
        int[] dimensions = [.. input.Dimensions?.Select((dimension, i) => dimension < 0 && i == 0 ? 1 : dimension) ?? [-1]];
        return !dimensions.Contains(-1) ? dimensions : throw new NotSupportedException(
            $"{Path}: the input {input} leaves dimensions open; expected --shape {input.Name}=1x3x48x192 or the like.");
    }

    private float[]? ReadGiven(int index, int[] dimensions) =>
        File.Exists(GivenInput(index)) && NpyFile.Read(GivenInput(index)) is { } array && array.Shape.Dimensions.SequenceEqual(dimensions)
            ? array.Data.ToArray()
            : null;

    private string GivenInput(int index) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, $"input_{index}.npy");

    private static int Count(int[] dimensions) => dimensions.Aggregate(1, (count, dimension) => checked(count * dimension));
}
