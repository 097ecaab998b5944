using CnnFast.Onnx.Export;
using CnnFast.Reference;
using CnnFast.Testing;
using CnnFast.Tests.Models;
using CnnFast.Verification;

namespace CnnFast.Onnx.Tests;

/// <summary>
/// Holds an exported model, run by ONNX Runtime, against the reference in double and against <see cref="Model.Predict"/>: each of the two
/// engines has the bound of the model's own tests, so that they differ by at most twice that.
/// </summary>
internal static class OnnxCheck
{
    private const int Batch = 3;

    public static void Holds(string name, Model model, OnnxExportOptions? options = null)
    {
        options ??= new OnnxExportOptions();
        string[] unknown = [.. model.Graph.Nodes.Where(node => !ExportTable.Knows(node.Operation)).Select(node => node.Operation.Kind)];
        Assert.SkipWhen(unknown.Length > 0, $"layers without an ONNX form: {string.Join(", ", unknown)}");
        using var exported = new OnnxRuntimeModel(model, options);
        float[] input = TestModels.Input(model, Batch);
        var exact = new ReferenceModel(model.Graph, Batch);
        var absolute = new ReferenceModel(model.Graph, Batch, absolute: true) { Exact = exact };
        double[] reference = exact.Forward(input);
        double[] magnitude = absolute.Forward(input);
        long terms = ReferenceModel.Terms(model.Graph, 1);
        string what = $"{name}, opset {options.Opset}, {options.Layout}";

        float[] actual = exported.Run(model, input, Batch);
        ErrorMeasure error = ErrorBound.Measure(actual, reference, magnitude, terms);
        Assert.True(error.Holds, $"{what}: against the reference, {error.Description}");

        float[] ours = model.Predict(input);
        for (int i = 0; i < ours.Length; i++)
            Assert.True(Math.Abs(actual[i] - ours[i]) <= 2 * ErrorBound.Of(magnitude[i], terms),
                $"{what}: element {i} is {actual[i]:G9} in ONNX Runtime and {ours[i]:G9} here");

        float[] first = exported.Run(model, input[..model.InputShape.ElementCount], 1);
        Assert.Equal(model.OutputShape.ElementCount, first.Length);
        error = ErrorBound.Measure(first, reference.AsSpan(0, first.Length), magnitude.AsSpan(0, first.Length), terms);
        Assert.True(error.Holds, $"{what}, a batch of one: {error.Description}");
    }
}
