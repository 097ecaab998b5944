using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>
/// Layer normalisation as exporters spell it out is one function, and the dense layers beside it take up its numbers and what follows; what
/// only looks like it stays as it is.
/// </summary>
public sealed class LayerNormalizationTests
{
    [Theory]
    [InlineData("images", true)]
    [InlineData("rows", true)]
    [InlineData("other axis", false)]
    [InlineData("two means", false)]
    [InlineData("deviation is read", false)]
    [InlineData("variance is an output", false)]
    [InlineData("without epsilon", false)]
    public void A_spelled_out_layer_normalisation_is_one_function(string form, bool isOne)
    {
        var family = new FamilyModel(13, 5);
        string x = family.Transpose(family.Conv(family.Input(1, 3, 7, 9), 3, 20, 3), 0, 2, 3, 1);
        if (form == "rows")
            x = family.Add("Reshape", [x, family.Integers(1, 63, 20)]);
        int axis = form == "other axis" ? -2 : -1;
        string deviation = family.Add("Sub", [x, family.Add("ReduceMean", [x], ("axes", new[] { axis }))]);
        string variance = family.Add("ReduceMean", [family.Add("Pow", [deviation, family.Number(2)])],
            ("axes", new[] { form == "two means" ? -2 : axis }));
        string y = family.Add("Div",
            [deviation, family.Add("Sqrt", [form == "without epsilon" ? variance : family.Add("Add", [variance, family.Number(1e-5f)])])]);
        y = family.Add("Add", [family.Add("Mul", [y, family.Initializer(family.Floats([20]))]), family.Initializer(family.Floats([20]))]);
        y = family.Gelu(family.Dense(y, 20, 11));
        if (form == "deviation is read")
            y = family.Add("Add", [y, family.Add("ReduceMax", [deviation], ("axes", new[] { -1 }))]);
        family.Output(y);
        if (form == "variance is an output")
            family.Output(variance);
        byte[] file = family.ToBytes();
        OnnxModel model = OnnxModel.Load(file);
        var inputs = new Dictionary<string, OnnxTensor> { ["x"] = family.Floats([1, 3, 7, 9], -4, 4) };
        IReadOnlyDictionary<string, OnnxTensor> expected = new OnnxRuntimeRunner().Run(file, [inputs])[0];
        Assert.Null(Comparison.Difference(expected, model.Run(inputs), new Bound(0, 3e-5, 0, "a few sums and three functions")));
        using var session = new InferenceSession(model.ToModel(new Dictionary<string, int[]> { ["x"] = [1, 3, 7, 9] }, OnnxLayout.Nhwc),
            new SessionOptions { MaxBatch = 1 });
        float[][] outputs = [.. model.Outputs.Select(output => new float[expected[output.Name].Count])];
        IReadOnlyList<NodeProfile> nodes = session.Profile([new float[3 * 7 * 9]], [.. outputs.Select(output => output.AsMemory())], 1);
        Assert.Equal(isOne, nodes.Any(node => node.Kind == "Normalize"));
        if (isOne)
            Assert.Equal(["Conv2D", "Normalize", "ChannelAffine+ChannelAffine+Conv2D+ChannelAffine+GELU"], nodes.Select(node => node.Kind));
    }
}
