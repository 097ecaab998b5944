using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>An ONNX file as it is in ONNX Runtime, all inputs and outputs bound.</summary>
internal sealed class OnnxFileRunner : ModelRunner
{
    private readonly OrtSessionOptions _options;
    private readonly BoundSession _session;
    private readonly List<AlignedBuffer<float>> _outputs = [];

    public OnnxFileRunner(string engine, OnnxRuntimeVariant variant, OnnxCase model, int threads)
        : base(engine, variant.Name)
    {
        var open = new Dictionary<string, int>();
        List<(string Name, long[] Sizes)> outputs;
        using (var plain = new OrtSession(model.Path))
        {
            foreach (string input in plain.InputNames)
            {
                string[] symbols = plain.InputMetadata[input].SymbolicDimensions;
                for (int i = 0; i < symbols.Length; i++)
                {
                    if (symbols[i].Length > 0)
                        open[symbols[i]] = model.Dimensions[input][i];
                }
            }

            outputs = SizesOfOutputs(plain, model);
        }

        _options = variant.Options(threads, open);
        _session = new BoundSession(File.ReadAllBytes(model.Path), _options);
        foreach (((string name, int[] dimensions), float[] values) in model.Dimensions.Zip(model.Inputs))
        {
            var fed = new AlignedBuffer<float>(values.Length);
            values.CopyTo(fed.Span);
            _session.BindInput(name, fed, ToLongs(dimensions));
        }

        foreach ((string name, long[] sizes) in outputs)
        {
            _outputs.Add(new AlignedBuffer<float>((int)sizes.Aggregate(1L, (a, b) => a * b)));
            _session.BindOutput(name, _outputs[^1], sizes);
        }
    }

    public override void Run() => _session.Run();

    public override IReadOnlyList<float[]> Read() => [.. _outputs.Select(output => output.Span.ToArray())];

    public override void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    private static List<(string Name, long[] Sizes)> SizesOfOutputs(OrtSession session, OnnxCase model)
    {
        OrtValue[] inputs = [.. model.Dimensions.Values.Zip(model.Inputs,
            (dimensions, values) => OrtValue.CreateTensorValueFromMemory(values, ToLongs(dimensions)))];
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [.. model.Dimensions.Keys], inputs, session.OutputNames);
        foreach (OrtValue input in inputs)
            input.Dispose();
        return [.. session.OutputNames.Zip(outputs, (name, output) => (name, output.GetTensorTypeAndShape().Shape))];
    }

    private static long[] ToLongs(int[] dimensions) => Array.ConvertAll(dimensions, dimension => (long)dimension);
}
