using CnnFast.Storage;
using CnnFast.Tests.Models;

namespace CnnFast.Onnx.Tests.RoundTrips;

/// <summary>
/// import(export(m)) = m: names, kinds and shapes of the layers, parameters and outputs to the bit. Dropout alone is left out,
/// which does nothing in inference.
/// </summary>
public sealed class KeptNameTests
{
    public static TheoryData<string> Zoo => [.. ModelZoo.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Zoo))]
    public void A_model_of_the_zoo_is_the_same(string name)
    {
        ZooModel zoo = ModelZoo.Find(name)!;
        Model model = zoo.Build(Small(zoo), classes: 10, seed: 2);
        IsSame(model);
    }

    private static Shape Small(ZooModel zoo) => zoo.InputShape[2] == 1 ? zoo.InputShape : new Shape(64, 64, 3);

    private static void IsSame(Model model)
    {
        using var file = new MemoryStream();
        OnnxModel.Export(model, file);
        Model back = LayerModel.From(OnnxModel.Load(file.ToArray()).ToModel(layout: OnnxLayout.Nhwc));
        Assert.Equal(model.Name ?? "model", back.Name);
        Assert.Equal(Describe(model), Describe(back));
        foreach ((Parameter first, Parameter second) in model.Parameters.Zip(back.Parameters))
        {
            Assert.Equal(first.ToString(), second.ToString());
            Assert.True(first.Values.SequenceEqual(second.Values), first.Name);
        }

        float[] input = TestModels.Input(model, 2);
        Assert.Equal(model.Predict(input), back.Predict(input));
    }

    private static IEnumerable<string> Describe(Model model)
    {
        Dictionary<string, string> left = model.Layers.Where(layer => layer.Kind == "Dropout")
            .ToDictionary(layer => layer.Name, layer => layer.Inputs[0]);
        return model.Layers.Where(layer => !left.ContainsKey(layer.Name)).Select(layer => $"{layer.Name} {layer.Kind} " +
            $"({string.Join(", ", layer.Inputs.Select(input => left.GetValueOrDefault(input, input)))}) {layer.OutputShape}");
    }
}
