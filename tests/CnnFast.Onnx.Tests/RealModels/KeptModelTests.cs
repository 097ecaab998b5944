using CnnFast.Onnx.Export;
using CnnFast.Tests;

namespace CnnFast.Onnx.Tests.RealModels;

/// <summary>Trained models that were imported are saved, loaded and exported again.</summary>
public sealed class KeptModelTests
{
    private static readonly int[] s_channelsLast = [0, 2, 3, 1];

    public static TheoryData<string, OnnxLayout> Models()
    {
        var data = new TheoryData<string, OnnxLayout>();
        foreach (string name in GoldenModel.Names)
        {
            foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
                data.Add(name, layout);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_saved_model_gives_the_same_bits_and_the_same_file(string name, OnnxLayout layout)
    {
        GoldenModel golden = GoldenModel.Load(name);
        Model model = golden.Model.ToModel(golden.Dimensions, layout);
        using var folder = new TemporaryFolder();
        model.Save(folder["a.safetensors"]);
        Model back = Model.Load(folder["a.safetensors"]);
        Assert.Equal(model.Inputs, back.Inputs);
        Assert.Equal(model.Outputs.Select(output => output.Shape), back.Outputs.Select(output => output.Shape));
        float[] input = Lying(golden, model);
        Assert.Equal(Run(model, input), Run(back, input));
        back.Save(folder["b.safetensors"]);
        Assert.Equal(File.ReadAllBytes(folder["a.safetensors"]), File.ReadAllBytes(folder["b.safetensors"]));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void An_exported_model_has_the_interface_of_the_file_and_gives_the_golden_outputs(string name, OnnxLayout layout)
    {
        GoldenModel golden = GoldenModel.Load(name);
        using var folder = new TemporaryFolder();
        golden.Model.ToModel(golden.Dimensions, layout).Save(folder["a.safetensors"]);
        foreach (int opset in (int[])[17, 20])
        {
            OnnxModel.Export(Model.Load(folder["a.safetensors"]), folder["a.onnx"], new OnnxExportOptions { Opset = opset });
            OnnxModel again = OnnxModel.Load(folder["a.onnx"]);
            Assert.Equal(golden.Model.Inputs.Select(input => input.Name), again.Inputs.Select(input => input.Name));
            using var native = new OnnxRuntimeFile(folder["a.onnx"]);
            float[][] expected = native.Run(golden.Inputs[0].Data.ToArray(), golden.Inputs[0].Shape.Dimensions);
            Model imported = again.ToModel(layout: layout);
            float[][] outputs = Run(imported, Lying(golden, imported));
            for (int i = 0; i < golden.Outputs.Count; i++)
            {
                Difference.Holds($"{name}, output {i}, ONNX Runtime", expected[i], golden.Outputs[i].Data.Span);
                Difference.Holds($"{name}, output {i}", outputs[i], Turned(golden.Outputs[i], imported.Outputs[i]));
            }
        }
    }

    [Theory]
    [InlineData("ppocr_cls", 0)]
    [InlineData("oww_embedding", 0)]
    [InlineData("blazeface_front", 5)]
    public void An_exported_model_has_no_needless_Transpose(string name, int most)
    {
        GoldenModel golden = GoldenModel.Load(name);
        string[] transposes = [.. ModelExport.Create(golden.Model.ToModel(golden.Dimensions), new OnnxExportOptions()).Graph.Node
            .Where(node => node.OpType == "Transpose")
            .Select(node => node.Name)];
        Assert.True(transposes.Length <= most, string.Join(", ", transposes));
    }

    private static float[] Lying(GoldenModel golden, Model model) => Turned(golden.Inputs[0], model.Inputs[0]);

    private static float[] Turned(Files.NpyArray array, TensorInfo tensor) => array.Shape.Rank == 4
        && array.Shape.WithoutBatch() != tensor.Shape
        ? Difference.Transposed(array.Data.Span, array.Shape.Dimensions.ToArray(), s_channelsLast)
        : array.Data.ToArray();

    private static float[][] Run(Model model, float[] input)
    {
        using var session = new InferenceSession(model, new SessionOptions { ConvAlgorithm = ConvAlgorithm.Direct });
        float[][] outputs = [.. session.Outputs.Select(output => new float[output.Shape.ElementCount])];
        session.Run([input], [.. outputs.Select(output => output.AsMemory())], TestContext.Current.CancellationToken);
        return outputs;
    }
}
