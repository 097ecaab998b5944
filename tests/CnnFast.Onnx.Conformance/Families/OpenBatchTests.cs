using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>
/// Nodes that are only for one sample sample by sample: a model with them is for one size of batch, and never for any number of samples.
/// </summary>
public sealed class OpenBatchTests
{
    public static TheoryData<string> Names => ["reshape", "slice", "gather", "gather row", "mean", "mean of all", "argument", "flat mean"];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_mixes_samples_is_not_computed_sample_by_sample(string name)
    {
        byte[] file = Build(name);
        OnnxModel model = OnnxModel.Load(file);
        var inputs = new Dictionary<string, OnnxTensor> { ["x"] = new FamilyModel(1, 5).Floats([3, 1, 4, 5]) };
        IReadOnlyDictionary<string, OnnxTensor> expected = new OnnxRuntimeRunner().Run(file, [inputs])[0];
        var bound = new Bound(0, 1e-5, 0, "a few sums");
        Assert.Null(Comparison.Difference(expected, model.Run(inputs), bound));
        Model built = model.ToModel(new Dictionary<string, int[]> { ["x"] = [3, 1, 4, 5] });
        using var session = new InferenceSession(built);
        Assert.Equal([3, 1, 4, 5], session.Inputs[0].Shape.Dimensions);
        OnnxTensor only = Assert.Single(expected).Value;
        float[] output = new float[only.Count];
        session.Run(inputs["x"].Values<float>(), output, TestContext.Current.CancellationToken);
        var given = new Dictionary<string, OnnxTensor> { [model.Outputs[0].Name] = OnnxTensor.Create(output, [.. only.Dimensions]) };
        Assert.Null(Comparison.Difference(expected, given, bound));
    }

    private static byte[] Build(string name)
    {
        var model = new FamilyModel(17, 1);
        string x = model.Relu(model.Input(-1, 1, -1, -1));
        model.Output(name switch
        {
            "reshape" => model.Add("Softmax", [model.Reshape(x, 1, -1)], ("axis", 1)),
            "slice" => model.Slice(x, 0, 0, 1),
            "gather" => model.Add("Gather", [x, model.Constant(FamilyModel.Scalar(0L))], ("axis", 0)),
            "gather row" => model.Add("Gather", [x, model.Integers(0)], ("axis", 0)),
            "mean" => model.Mean(x, true, 0, 2),
            "mean of all" => model.Mean(x, true, 0, 1, 2, 3),
            "argument" => model.Add("Cast", [model.Add("ArgMax", [x], ("axis", 0))], ("to", 1)),
            _ => model.Mean(x, false, 0),
        });
        return model.ToBytes();
    }
}
