using CnnFast.Compile;
using CnnFast.Onnx.Export;
using CnnFast.Onnx.Tests.RealModels;
using CnnFast.Reference;
using CnnFast.Testing;
using CnnFast.Tests.Models;
using CnnFast.Verification;

namespace CnnFast.Onnx.Tests.RoundTrips;

/// <summary>A model that goes to ONNX and comes back computes the same, by the same compiled steps.</summary>
public sealed class RoundTripTests
{
    private const int Batch = 2;

    private static readonly string[] s_merged = ["ReLU", "ReLU6", "Clip", "SiLU", "HardSwish", "Sigmoid", "Tanh", "BatchNormalization",
        "Rescaling", "ChannelAffine"];

    public static TheoryData<string, int, OnnxLayout, bool> Models()
    {
        var data = new TheoryData<string, int, OnnxLayout, bool>();
        foreach (string name in TestModels.Names.Select(row => row.Data))
        {
            foreach (int opset in (int[])[17, 20])
            {
                foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
                {
                    data.Add(name, opset, layout, false);
                    data.Add(name, opset, layout, true);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_comes_back(string name, int opset, OnnxLayout layout, bool fold)
    {
        Model model = TestModels.Build(name);
        Model back = Back(model, new OnnxExportOptions { Opset = opset, Layout = layout, FoldBatchNormalization = fold });
        float[] input = TestModels.Input(model, Batch);
        var exact = new ReferenceModel(model.Graph, Batch);
        var absolute = new ReferenceModel(model.Graph, Batch, absolute: true) { Exact = exact };
        double[] reference = exact.Forward(input);
        double[] magnitude = absolute.Forward(input);
        ErrorMeasure error = ErrorBound.Measure(back.Predict(input), reference, magnitude, ReferenceModel.Terms(model.Graph, 1));
        Assert.True(error.Holds, $"{name}, opset {opset}, {layout}: against the reference, {error.Description}");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void It_compiles_to_the_same_steps(string name, int opset, OnnxLayout layout, bool fold)
    {
        Assert.SkipWhen(name == "functions" && opset < 20,
            "operator sets before 20 have no GELU by tanh: it comes back as the nodes that it is spelled with");
        Assert.SkipWhen(name is "groups" or "sizes" or "sequences",
            "ONNX spells some of the layers with other operators, and they come back as the operations of those");
        Model model = TestModels.Build(name);
        Model back = Back(model, new OnnxExportOptions { Opset = opset, Layout = layout, FoldBatchNormalization = fold });
        Assert.Equal(Steps(model, Form(name)), Steps(back, Form(name)));
    }

    [Theory]
    [InlineData("tutorial", 28, 1)]
    [InlineData("lenet5", 28, 1)]
    [InlineData("mnist_cnn", 28, 1)]
    [InlineData("vgg16_features", 32, 3)]
    [InlineData("resnet18", 64, 3)]
    [InlineData("resnet50", 64, 3)]
    [InlineData("mobilenetv2", 64, 3)]
    [InlineData("squeezenet", 64, 3)]
    [InlineData("unet", 32, 3)]
    public void A_model_of_the_zoo_comes_back(string name, int size, int channels)
    {
        Model model = ModelZoo.Find(name)!.Build(new Shape(size, size, channels), classes: 10, seed: 2);
        float[] input = TestModels.Input(model, Batch);
        float[] expected = Run(model, input);
        foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
        {
            Model back = Back(model, new OnnxExportOptions { Layout = layout });
            Difference.Holds($"{name}, {layout}", Run(back, input), expected);
            Assert.Equal(Steps(model, All), Steps(back, All));
        }

        Difference.Holds($"{name}, folded", Run(Back(model, new OnnxExportOptions { Opset = 20, FoldBatchNormalization = true }), input),
            expected);
    }

    [Fact]
    public void Folded_models_hold_no_batch_normalization_behind_layers_and_kept_ones_do()
    {
        Model model = ModelZoo.MobileNetV2.Build(new Shape(32, 32, 3), classes: 10);
        Assert.Contains(ModelExport.Create(model, new OnnxExportOptions()).Graph.Node, node => node.OpType == "BatchNormalization");
        Assert.DoesNotContain(ModelExport.Create(model, new OnnxExportOptions { FoldBatchNormalization = true }).Graph.Node,
            node => node.OpType == "BatchNormalization");
    }

    private static Model Back(Model model, OnnxExportOptions options)
    {
        using var file = new MemoryStream();
        OnnxModel.Export(model, file, options);

        // Channels last in memory: where the file has images otherwise, the import turns them.
        Model back = OnnxModel.Load(file.ToArray()).ToModel(layout: options.Layout == OnnxLayout.Nchw ? OnnxLayout.Nhwc : OnnxLayout.Nchw);
        Assert.Equal(model.Inputs, back.Inputs);
        Assert.Equal(model.Outputs, back.Outputs);
        return back;
    }

    private static float[] Run(Model model, float[] input)
    {
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = Batch, ConvAlgorithm = ConvAlgorithm.Direct });
        var output = new float[Batch * model.OutputShape.ElementCount];
        session.Run(input, output, TestContext.Current.CancellationToken);
        return output;
    }

    // A sum of three inputs is two nodes in ONNX, one of which merges into a convolution; rows from whole images are views there, which
    // are copied into a concatenation.
    private static Func<string, bool> Form(string name) => name switch
    {
        "branches" => step => !step.StartsWith("Add ", StringComparison.Ordinal),
        "images" => step => !step.StartsWith("Concatenate ", StringComparison.Ordinal),
        _ => All,
    };

    private static bool All(string step) => true;

    // Activations and scales that are merged into a step may be part of its layer or a node of their own.
    private static string[] Steps(Model model, Func<string, bool> counts)
    {
        var steps = new List<string>();
        foreach (PlanStep step in new ExecutionPlan(model.Graph,
            new PlanOptions(Batch, SerialScheduler.Instance, ConvAlgorithm.Direct)).Steps)
        {
            string[] parts = step.Kind.Split('+');
            string core = parts.FirstOrDefault(part => !s_merged.Contains(part))
                ?? step.Kind.Replace("Clip", "ReLU6", StringComparison.Ordinal);
            string text = $"{core.Replace("Depthwise", "", StringComparison.Ordinal)} {step.OutputShape} {step.Step.KernelName}";
            if (counts(text) && (steps.Count == 0 || steps[^1] != text || core is not ("Add" or "Multiply")))
                steps.Add(text);
        }

        return [.. steps];
    }
}
