using CnnFast.Files;


namespace CnnFast.Onnx.Tests.RealModels;

/// <summary>A trained model with inputs and the outputs that ONNX Runtime gave for them.</summary>
internal sealed class GoldenModel
{
    private GoldenModel(string folder, OnnxModel model)
    {
        Path = System.IO.Path.Combine(folder, "model.onnx");
        Model = model;
        string[] lines = File.ReadAllLines(System.IO.Path.Combine(folder, "manifest.txt"));
        Inputs = [.. Read(folder, lines, "input_")];
        Outputs = [.. Read(folder, lines, "output_")];
    }

    public static IReadOnlyList<string> Names { get; } = ["blazeface_front", "oww_embedding", "ppocr_cls"];

    public string Path { get; }

    public OnnxModel Model { get; }

    public IReadOnlyList<NpyArray> Inputs { get; }

    public IReadOnlyList<NpyArray> Outputs { get; }

    /// <summary>The dimensions of the golden input, by name.</summary>
    public Dictionary<string, int[]> Dimensions => new() { [Model.Inputs[0].Name] = Inputs[0].Shape.Dimensions.ToArray() };

    public static GoldenModel Load(string name)
    {
        string folder = System.IO.Path.Combine(AppContext.BaseDirectory, "Models", name);
        return new GoldenModel(folder, OnnxModel.Load(System.IO.Path.Combine(folder, "model.onnx")));
    }

    private static IEnumerable<NpyArray> Read(string folder, string[] lines, string prefix) =>
        lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
            .Select(line => NpyFile.Read(System.IO.Path.Combine(folder, line.Split(' ')[0])));
}
