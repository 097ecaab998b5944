namespace CnnFast.Onnx.Conformance.ModelFiles;

/// <summary>The outputs of a model for inputs drawn from a seed.</summary>
internal static class SessionRun
{
    public static float[][] Inputs(Model model)
    {
        var random = new Random(3);
        return [.. model.Inputs.Select(input =>
            Enumerable.Range(0, input.Shape.ElementCount).Select(_ => (float)(random.NextDouble() * 2) - 0.7f).ToArray())];
    }

    public static float[][] Run(Model model, float[][] inputs)
    {
        using var session = new InferenceSession(model, new SessionOptions { ConvAlgorithm = ConvAlgorithm.Direct });
        float[][] outputs = [.. model.Outputs.Select(output => new float[output.Shape.ElementCount])];
        session.Run([.. inputs.Select(input => new ReadOnlyMemory<float>(input))], [.. outputs.Select(output => output.AsMemory())],
            TestContext.Current.CancellationToken);
        return outputs;
    }
}
