using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>Whole models of the families that people have, against ONNX Runtime.</summary>
public sealed class FamilyTests
{
    private static readonly Bound s_bound = new(0, 1e-4, 0, "what the outputs of whole models are held to");

    public static TheoryData<string> Names => [.. FamilyCases.All.Select(create => create().Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_gives_what_ONNX_Runtime_gives(string name)
    {
        FamilyCase family = FamilyCases.All.Select(create => create()).Single(candidate => candidate.Name == name);
        OnnxModel model = OnnxModel.Load(family.Model);
        foreach (int[] sample in family.Samples)
        {
            OnnxTensor[] inputs = [Input(family, 1, sample), Input(family, 3, sample)];
            // Where the file fixes the batch, ONNX Runtime takes sample by sample.
            bool isFixed = model.Inputs[0].Dimensions![0] == 1;
            IReadOnlyDictionary<string, OnnxTensor>[] expected = [.. inputs.Select(input =>
                isFixed ? BySample(family.Model, input) : Oracle(family.Model, input))];
            for (int i = 0; i < inputs.Length; i++)
            {
                if (i == 0 || !isFixed)
                    Assert.Null(Comparison.Difference(expected[i], model.Run(Named(inputs[i])), s_bound));
                foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
                    InSession(family, model, sample, layout, inputs[i], expected[i]);
            }
        }
    }

    private static void InSession(FamilyCase family, OnnxModel model, int[] sample, OnnxLayout layout, OnnxTensor input,
        IReadOnlyDictionary<string, OnnxTensor> expected)
    {
        string who = $"{layout}, {input.Dimensions[0]} of {string.Join("×", sample)}";
        bool isOther = sample != family.Samples[0];
        bool bySize = isOther && model.Outputs.Count == 1;
        Model built = model.ToModel(new Dictionary<string, int[]> { ["x"] = [1, .. bySize ? family.Samples[0] : sample] }, layout);
        using var session = new InferenceSession(built, new SessionOptions { MaxBatch = 4, ConvAlgorithm = ConvAlgorithm.Direct });
        bool turned = layout == OnnxLayout.Nhwc && !family.IsChannelsLast;
        float[] x = Lying(input, turned);
        float[][] outputs = [.. model.Outputs.Select(output => new float[expected[output.Name].Count])];
        if (bySize)
            session.Run(x, new Shape(turned && sample.Length == 3 ? [sample[1], sample[2], sample[0]] : sample), outputs[0]);
        else
            session.Run([x], [.. outputs.Select(output => output.AsMemory())], TestContext.Current.CancellationToken);
        for (int i = 0; i < outputs.Length; i++)
        {
            OnnxTensor tensor = expected[model.Outputs[i].Name];
            var wanted = new Dictionary<string, OnnxTensor> { ["y"] = OnnxTensor.Create(Lying(tensor, turned), tensor.Count) };
            string? difference = Comparison.Difference(wanted,
                new Dictionary<string, OnnxTensor> { ["y"] = OnnxTensor.Create(outputs[i], tensor.Count) }, s_bound);
            Assert.True(difference is null, $"{who}, output {i}: {difference}");
        }

        if (layout != family.WithoutTranspose || isOther)
            return;
        IReadOnlyList<NodeProfile> profile = session.Profile([x], [.. outputs.Select(output => output.AsMemory())], 1);
        string[] transposes = [.. profile.Where(node => node.Kind.Split('+').Contains("Transpose")).Select(node => node.Name)];
        Assert.True(transposes.Length == family.Shuffles, $"{who}: {string.Join(", ", transposes)}");
    }

    private static IReadOnlyDictionary<string, OnnxTensor> Oracle(byte[] model, OnnxTensor input) =>
        new OnnxRuntimeRunner().Run(model, [Named(input)])[0];

    private static Dictionary<string, OnnxTensor> BySample(byte[] model, OnnxTensor input)
    {
        int length = input.Count / input.Dimensions[0];
        IReadOnlyDictionary<string, OnnxTensor>[] results =
        [
            .. Enumerable.Range(0, input.Dimensions[0]).Select(i => Oracle(model,
                OnnxTensor.Create(input.Values<float>().Slice(i * length, length).ToArray(), [1, .. input.Dimensions.Skip(1)]))),
        ];
        return results[0].ToDictionary(
            output => output.Key,
            output => OnnxTensor.Create([.. results.SelectMany(result => result[output.Key].Values<float>().ToArray())],
                [results.Length, .. output.Value.Dimensions.Skip(1)]));
    }

    private static OnnxTensor Input(FamilyCase family, int samples, int[] sample) =>
        new FamilyModel(1, family.Name.Length + samples).Floats([samples, .. sample]);

    private static Dictionary<string, OnnxTensor> Named(OnnxTensor input) => new() { ["x"] = input };

    // Images as the caller of a layout has them.
    private static float[] Lying(OnnxTensor tensor, bool turned)
    {
        float[] values = tensor.Values<float>().ToArray();
        if (!turned || tensor.Dimensions is not [int n, int c, int h, int w])
            return values;
        var moved = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int plane = i / (h * w);
            moved[((((plane / c) * h * w) + (i % (h * w))) * c) + (plane % c)] = values[i];
        }

        return moved;
    }
}
