using CnnFast.Tests.Models;

namespace CnnFast.Onnx.Tests;

/// <summary>The models of the library's own tests, every layer among them, in ONNX Runtime.</summary>
public sealed class ModelExportTests
{
    public static TheoryData<string, int, OnnxLayout> Models()
    {
        var data = new TheoryData<string, int, OnnxLayout>();
        foreach (string name in TestModels.Names.Select(row => row.Data))
        {
            foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
            {
                data.Add(name, 17, layout);
                data.Add(name, 20, layout);
                data.Add(name, OnnxExportOptions.MaxOpset, layout);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_computes_the_same_in_onnx_runtime(string name, int opset, OnnxLayout layout) =>
        OnnxCheck.Holds(name, TestModels.Build(name), new OnnxExportOptions { Opset = opset, Layout = layout });

    [Fact]
    public void Every_opset_in_the_range_loads()
    {
        for (int opset = OnnxExportOptions.MinOpset; opset <= OnnxExportOptions.MaxOpset; opset++)
            OnnxCheck.Holds("chain", TestModels.Build("chain"), new OnnxExportOptions { Opset = opset });
    }
}
