using CnnFast.Graphs;
using CnnFast.Onnx.Export;
using CnnFast.Onnx.Format;

namespace CnnFast.Onnx.Tests;

/// <summary>Resize: the factors in the file give the sizes of the model, however a runtime multiplies them.</summary>
public sealed class ExportedResizeTests
{
    public static TheoryData<int, int, string> Cases()
    {
        var data = new TheoryData<int, int, string>();
        foreach ((int input, int output) in new[] { (17, 33), (13, 25), (7, 13), (9, 17), (3, 7), (21, 41), (5, 3), (33, 17), (49, 50),
            (4, 8) })
        {
            foreach (string coordinates in (string[])["align_corners", "half_pixel", "asymmetric"])
                data.Add(input, output, coordinates);
        }

        return data;
    }

    [Fact]
    public void Sizes_are_the_same_in_single_precision_and_in_double()
    {
        for (int input = 1; input <= 64; input++)
        {
            for (int output = 1; output <= 64; output++)
            {
                float scale = InterpolationExport.Scale(input, output);
                Assert.Equal((output, output), ((int)MathF.Floor(scale * input), (int)Math.Floor((double)scale * input)));
            }
        }
    }

    // Positions, of at most the input's length, may be off by two units in the last place of the factor; neighbours differ by 2 at most.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Images_have_their_size_in_onnx_runtime(int input, int output, string coordinates)
    {
        InterpolationTable table = new ResizeAxisRule(new ResizeMode("linear", coordinates, "floor"), input, output, (float)output / input,
            output, 0, 1).Weights();
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.Add(new FunctionOperation(Activation.Tanh), [builder.AddInput(new Shape(input, input, 2))], "tanh");
        ValueInfo whole = builder.Add(new ReshapeOperation([1, input, input, 2]), [x], "one");
        ValueInfo resized = builder.Add(new InterpolateOperation(table, table, 0), [whole], "resized");
        var model = new Model(builder.Build([builder.Add(new ReshapeOperation([output, output, 2]), [resized], "image")], (_, _, _) => { }),
            null);
        foreach (int opset in (int[])[17, 20])
        {
            foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
            {
                var options = new OnnxExportOptions { Opset = opset, Layout = layout };
                Assert.Contains(ModelExport.Create(model, options).Graph.Node, node => node.OpType == "Resize");
                ExportedNumbers.AreSame($"{input} to {output}, {coordinates}", model, options, within: 1e-6f + (4.8e-7f * input));
            }
        }
    }
}
