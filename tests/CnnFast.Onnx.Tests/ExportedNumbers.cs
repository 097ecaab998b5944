namespace CnnFast.Onnx.Tests;

/// <summary>Holds an exported model, run by ONNX Runtime with its default optimisations, against <see cref="Model.Predict"/>.</summary>
internal static class ExportedNumbers
{
    private const int Batch = 3;

    public static void AreSame(string name, Model model, OnnxExportOptions options, float within = 1e-5f)
    {
        using var exported = new OnnxRuntimeModel(model, options);
        var random = new Random(3);
        float[] input = [.. Enumerable.Range(0, Batch * model.InputShape.ElementCount).Select(_ => (4 * random.NextSingle()) - 3)];
        float[] expected = model.Predict(input);
        float[] actual = exported.Run(model, input, Batch);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= within, $"{name}, opset {options.Opset}, {options.Layout}: " +
                $"element {i} is {actual[i]:G9} in ONNX Runtime and {expected[i]:G9} here");
    }
}
