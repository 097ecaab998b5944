using CnnFast.Onnx.Conformance.Running;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Conformance.ModelFiles;

/// <summary>Imported models as ONNX again: ONNX Runtime computes what the model does, and so does what is imported once more.</summary>
public sealed class ExportAgainTests(ITestOutputHelper output)
{
    private static readonly Bound s_bound = new(1e-3, 1e-4, 1e-5,
        "what the outputs of whole models are held to, and functions that are written as others");

    [Theory]
    [InlineData(17, OnnxLayout.Nchw, OnnxLayout.Nchw)]
    [InlineData(20, OnnxLayout.Nhwc, OnnxLayout.Nhwc)]
    [InlineData(17, OnnxLayout.Nchw, OnnxLayout.Nhwc)]
    [InlineData(20, OnnxLayout.Nhwc, OnnxLayout.Nchw)]
    public void Every_model_that_has_an_ONNX_form_computes_the_same(int opset, OnnxLayout memory, OnnxLayout file)
    {
        int count = 0, refused = 0;
        var failures = new List<string>();
        foreach (FileCase fileCase in FileCase.All)
        {
            if (fileCase.ToModel(memory) is not { } model)
                continue;
            try
            {
                using var stream = new MemoryStream();
                OnnxModel.Export(model, stream, new OnnxExportOptions { Opset = opset, Layout = file });
                count++;
                if (Difference(model, stream.ToArray(), file) is { } difference)
                    failures.Add($"{fileCase.Name}: {difference}");
            }
            catch (NotSupportedException e) when (e.Message.StartsWith("OnnxModel.Export", StringComparison.Ordinal))
            {
                refused++;
                output.WriteLine($"{fileCase.Name}: {e.Message}");
            }
#pragma warning disable CA1031 // Whatever escapes is what the test reports.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add($"{fileCase.Name}: {e.GetType().Name} {e.Message.ReplaceLineEndings(" ")}");
            }
        }

        output.WriteLine($"{count} models, {refused} refused");
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}:\n{string.Join('\n', failures)}");
        Assert.InRange(count, 450, int.MaxValue);
        Assert.Equal(0, refused);
    }

    private static string? Difference(Model model, byte[] exported, OnnxLayout file)
    {
        float[][] inputs = SessionRun.Inputs(model);
        float[][] expected = SessionRun.Run(model, inputs);
        GraphProto graph = ModelProto.Parser.ParseFrom(exported).Graph;
        var named = new Dictionary<string, OnnxTensor>();
        for (int i = 0; i < inputs.Length; i++)
            named.Add(graph.Input[i].Name, InFile(inputs[i], model.Graph.Inputs[i], file));
        var wanted = new Dictionary<string, OnnxTensor>();
        for (int i = 0; i < expected.Length; i++)
            wanted.Add(graph.Output[i].Name, InFile(expected[i], model.Graph.Outputs[i], file));
        if (!graph.Input.Select(input => input.Name).SequenceEqual(model.Inputs.Select(input => input.Name))
            || !graph.Output.Select(value => value.Name).SequenceEqual(model.Outputs.Select(value => value.Name)))
            return "names of inputs or outputs changed";
        if (Comparison.Difference(wanted, new OnnxRuntimeRunner().Run(exported, [named])[0], s_bound) is { } native)
            return $"in ONNX Runtime {native}";
        return Comparison.Difference(wanted, OnnxModel.Load(exported).Run(named), s_bound);
    }

    // A value of the model as the file has it.
    private static OnnxTensor InFile(float[] values, Graphs.ValueInfo info, OnnxLayout file)
    {
        int[] d = info.ShapeFor(1).Dimensions.ToArray();
        if (d.Length != 4 || info.Images == Graphs.ImageOrder.Fixed
            || info.Images == (file == OnnxLayout.Nchw ? Graphs.ImageOrder.ChannelsFirst : Graphs.ImageOrder.ChannelsLast))
            return OnnxTensor.Create(values, d);
        int[] order = info.Images == Graphs.ImageOrder.ChannelsLast ? [0, 3, 1, 2] : [0, 2, 3, 1];
        int[] dimensions = [.. order.Select(axis => d[axis])];
        int[] strides = [d[1] * d[2] * d[3], d[2] * d[3], d[3], 1];
        var turned = new float[values.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            int rest = i, from = 0;
            for (int axis = 3; axis >= 0; axis--)
            {
                from += rest % dimensions[axis] * strides[order[axis]];
                rest /= dimensions[axis];
            }

            turned[i] = values[from];
        }

        return OnnxTensor.Create(turned, dimensions);
    }
}
