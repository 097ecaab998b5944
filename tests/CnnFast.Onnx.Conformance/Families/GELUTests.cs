using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>GELU as exporters spell it out is one function, which the convolution before it applies.</summary>
public sealed class GELUTests
{
    [Theory]
    [InlineData("behind")]
    [InlineData("before")]
    [InlineData("gate")]
    public void A_spelled_out_GELU_is_one_function(string half)
    {
        var family = new FamilyModel(17, 3);
        string x = family.Conv(family.Input(1, 3, 7, 9), 3, 19, 3);
        string gate = family.Add("Add", [family.Add("Erf", [family.Add("Div", [x, family.Number(MathF.Sqrt(2))])]), family.Number(1)]);
        family.Output(half switch
        {
            "behind" => Halved(family.Add("Mul", [x, gate])),
            "before" => family.Add("Mul", [Halved(x), gate]),
            _ => family.Add("Mul", [Halved(gate), x]),
        });
        byte[] file = family.ToBytes();
        OnnxModel model = OnnxModel.Load(file);
        var inputs = new Dictionary<string, OnnxTensor> { ["x"] = family.Floats([1, 3, 7, 9], -4, 4) };
        IReadOnlyDictionary<string, OnnxTensor> expected = new OnnxRuntimeRunner().Run(file, [inputs])[0];
        Assert.Null(Comparison.Difference(expected, model.Run(inputs), new Bound(0, 1e-5, 0, "a few sums and one function")));
        using var session = new InferenceSession(model.ToModel(new Dictionary<string, int[]> { ["x"] = [1, 3, 7, 9] }, OnnxLayout.Nhwc),
            new SessionOptions { MaxBatch = 1 });
        float[] output = new float[19 * 7 * 9];
        NodeProfile node = Assert.Single(session.Profile([new float[3 * 7 * 9]], [output], 1));
        Assert.Equal("Conv2D+GELU", node.Kind);

        string Halved(string value) => family.Add("Mul", [value, family.Number(0.5f)]);
    }
}
