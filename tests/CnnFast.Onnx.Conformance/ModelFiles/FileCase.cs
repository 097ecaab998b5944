using CnnFast.Onnx.Conformance.Families;
using CnnFast.Onnx.Conformance.Vectors;

namespace CnnFast.Onnx.Conformance.ModelFiles;

/// <summary>An ONNX file and dimensions of its inputs for which it becomes a model.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="File">The file.</param>
/// <param name="Dimensions">The dimensions by input; null for those of the file.</param>
internal sealed record FileCase(string Name, byte[] File, Dictionary<string, int[]>? Dimensions)
{
    /// <summary>Whole models, and every vector.</summary>
    public static IEnumerable<FileCase> All => Families.Concat(Vectors);

    private static IEnumerable<FileCase> Families => FamilyCases.All.Select(create => create())
        .Select(family => new FileCase(family.Name, family.Model, new() { ["x"] = [1, .. family.Samples[0]] }));

    private static IEnumerable<FileCase> Vectors => VectorArchive.All.Where(vector => vector.Inputs("test_data_set_0") is not null)
        .Select(vector => new FileCase(vector.Name, vector.Files["model.onnx"],
            vector.Inputs("test_data_set_0")!.ToDictionary(input => input.Key, input => input.Value.Dimensions.ToArray())));

    /// <summary>The model; null where the file does not become one, as where a shape is an input.</summary>
    public Model? ToModel(OnnxLayout layout)
    {
        try
        {
            Model model = OnnxModel.Load(File).ToModel(Dimensions, layout);
            return model.Inputs.Count == 0 || model.Inputs.Concat(model.Outputs).Any(tensor => tensor.ElementType != ElementType.Float32)
                ? null
                : model;
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or DataFormatException or Import.DependsOnDataException)
        {
            return null;
        }
    }
}
