using CnnFast.Files;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>A model that <c>gradcheck</c> and <c>verify</c> take: a file, an ONNX file, an architecture or a preset.</summary>
/// <param name="Model">The model.</param>
/// <param name="Batch">Samples of a run; null where the command chooses.</param>
internal sealed record CheckedModel(Model Model, int? Batch)
{
    /// <summary>Reads or builds it.</summary>
    /// <exception cref="InputException">There is no such model, or an option has no effect.</exception>
    public static CheckedModel Load(string path, string[] shapes, int? batch)
    {
        if (!ModelSource.IsZoo(path) && !File.Exists(path) && ModelPresets.Find(path) is { } preset)
        {
            ModelSource.RequireNoShapes(path, shapes);
            return new CheckedModel(preset.Build(new Shape(28, 28, 1), 10, seed: 1), batch);
        }

        if (!ModelSource.IsOnnx(path))
            return new CheckedModel(ModelSource.LoadWithoutShapes(path, shapes), batch);
        OnnxSource source = OnnxSource.Load(path, shapes, batch);
        return new CheckedModel(source.Model, source.IsWhole ? 1 : batch ?? (shapes.Length > 0 ? source.Batch : null));
    }

    /// <summary>The arrays of <c>--input</c> in the order of the model, and their samples; null where none is given.</summary>
    /// <exception cref="InputException">A name is missing, unknown or given twice.</exception>
    /// <exception cref="ShapeException">An array does not fit.</exception>
    public (ReadOnlyMemory<float>[] Arrays, int Samples)? Inputs(string[] given)
    {
        if (given.Length == 0)
            return null;
        string[] paths = NamedPaths.InOrder("--input", given, [.. Model.Inputs.Select(input => input.Name)]);
        NpyArray[] arrays = [.. paths.Select(NpyFile.Read)];
        int samples = 0;
        for (int i = 0; i < arrays.Length; i++)
        {
            TensorInfo input = Model.Inputs[i];
            Shape shape = arrays[i].Shape;
            bool fits = shape == input.Shape
                || (input.HasBatch && shape.Rank == input.Shape.Rank + 1 && shape.WithoutBatch() == input.Shape);
            int count = shape == input.Shape ? 1 : shape.Rank > 0 ? shape[0] : 1;
            if (!fits || (samples > 0 && count != samples))
                throw new ShapeException($"'{paths[i]}' has the shape {shape}; the input '{input.Name}' takes samples of {input.Shape}, " +
                    "as many in all inputs.");
            samples = count;
        }

        return ([.. arrays.Select(array => array.Data)], samples);
    }
}
