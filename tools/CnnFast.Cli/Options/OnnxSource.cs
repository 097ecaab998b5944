using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary>An ONNX file that a command names, for inputs of known dimensions.</summary>
/// <param name="Onnx">The file.</param>
/// <param name="Model">The model for sessions.</param>
/// <param name="Batch">The samples of a run.</param>
internal sealed record OnnxSource(OnnxModel Onnx, Model Model, int Batch)
{
    /// <summary>The batch of a session: 1 where the shapes of the model hold the samples already.</summary>
    public int SessionBatch => IsWhole ? 1 : Batch;

    /// <summary>Whether the model is for one size of batch, which its shapes hold.</summary>
    public bool IsWhole => Model.Inputs.Any(input => !input.HasBatch);

    /// <summary>Reads a file and binds its dimensions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shapes">What <c>--shape</c> gave.</param>
    /// <param name="batch">What <c>--batch</c> gave; null for what the shapes say, or 1.</param>
    /// <param name="layout">How images lie in the caller's memory.</param>
    /// <exception cref="InputException">Dimensions are open.</exception>
    public static OnnxSource Load(string path, string[] shapes, int? batch, OnnxLayout layout = OnnxLayout.Nchw)
    {
        OnnxModel onnx = OnnxModel.Load(path);
        Dictionary<string, int[]> given = ShapeOption.Parse(path, onnx.Inputs, shapes);
        return ShapeOption.Missing(path, onnx.Inputs, given) is { } missing
            ? throw new InputException(missing)
            : Bind(onnx, given, batch, layout);
    }

    /// <summary>Binds the dimensions of a file.</summary>
    public static OnnxSource Bind(OnnxModel onnx, Dictionary<string, int[]> shapes, int? batch, OnnxLayout layout)
    {
        int samples = batch ?? shapes.Values.FirstOrDefault(shape => shape.Length > 0)?[0] ?? 1;
        var dimensions = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (OnnxTensorInfo input in onnx.Inputs)
        {
            RequireSame(input, shapes, batch);
            int[]? shape = shapes.TryGetValue(input.Name, out int[]? wanted) ? [.. wanted] : input.Dimensions?.ToArray();
            if (shape is null)
                continue;
            bool isOpen = shape is [-1, ..] || input.Dimensions is null or [-1 or 1, ..];
            if (shape.Length > 1 && isOpen && (batch is not null || shape[0] == -1))
                shape[0] = samples;
            else if (shape is [-1])
                shape[0] = samples;
            dimensions.Add(input.Name, shape);
        }

        return new OnnxSource(onnx, onnx.ToModel(dimensions, layout), samples);
    }

    // A batch that a shape or the file contradicts would have no effect.
    private static void RequireSame(OnnxTensorInfo input, Dictionary<string, int[]> shapes, int? batch)
    {
        if (batch is not { } samples)
            return;
        if (shapes.TryGetValue(input.Name, out int[]? shape) && shape[0] != samples)
            throw new InputException($"--batch is '{samples}', and --shape gives '{input.Name}' {shape[0]} " +
                $"{(shape[0] == 1 ? "sample" : "samples")}; expected one of the two, or the same number.");
        if (input.Dimensions is [> 1 and int fixedBatch, _, ..] && fixedBatch != samples)
            throw new InputException($"--batch is '{samples}', but the file fixes it ({input}); expected no --batch, or {fixedBatch}.");
    }
}
