using CnnFast.Layers;
using Microsoft.ML.OnnxRuntime;
using Native = Microsoft.ML.OnnxRuntime;

namespace CnnFast.Onnx.Tests;

/// <summary>Models with several inputs and outputs: every one keeps its name, whichever tensor holds it.</summary>
public sealed class SeveralOutputsTests
{
    [Theory]
    [InlineData(OnnxLayout.Nchw)]
    [InlineData(OnnxLayout.Nhwc)]
    public void Every_output_is_that_of_its_layer(OnnxLayout layout)
    {
        Assert.SkipWhen(OnnxRuntimeModel.Absent is not null, $"ONNX Runtime does not load: {OnnxRuntimeModel.Absent}");
        Input left = new(2, 1, 3), right = new(3);
        ModelNode relu = new ReLU("relu").Apply(left);
        ModelNode dropped = new Dropout(0.5f, "dropped").Apply(relu);
        ModelNode flat = new Flatten("flat").Apply(dropped);
        ModelNode sum = new Add("sum").Apply(right, right);
        Model model = Model.Build([left, right], [relu, dropped, flat, sum]);
        using var file = new MemoryStream();
        OnnxModel.Export(model, file, new OnnxExportOptions { Layout = layout });
        using var session = new Native.InferenceSession(file.ToArray());
        Assert.Equal(model.Inputs.Select(input => input.Name), session.InputNames);
        Assert.Equal(["relu", "dropped", "flat", "sum"], session.OutputNames);

        // The pixels (1, -2, 3) and (-4, 5, 6): by channel 1 -4, -2 5, 3 6.
        bool swap = layout == OnnxLayout.Nchw;
        using var x = OrtValue.CreateTensorValueFromMemory<float>(swap ? [1, -4, -2, 5, 3, 6] : [1, -2, 3, -4, 5, 6],
            swap ? [1, 3, 2, 1] : [1, 2, 1, 3]);
        using var y = OrtValue.CreateTensorValueFromMemory<float>([1, 2, 3], [1, 3]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, session.InputNames, [x, y], session.OutputNames);
        float[] image = swap ? [1, 0, 0, 5, 3, 6] : [1, 0, 3, 0, 5, 6];
        Assert.Equal(image, outputs[0].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal(image, outputs[1].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal([1, 0, 3, 0, 5, 6], outputs[2].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal([2, 4, 6], outputs[3].GetTensorDataAsSpan<float>().ToArray());
    }
}
