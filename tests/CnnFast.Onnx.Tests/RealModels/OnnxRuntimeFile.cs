using Microsoft.ML.OnnxRuntime;
using Native = Microsoft.ML.OnnxRuntime;

namespace CnnFast.Onnx.Tests.RealModels;

/// <summary>An ONNX file with one input in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxRuntimeFile : IDisposable
{
    private readonly Native.InferenceSession _session;

    public OnnxRuntimeFile(string path)
        : this(File.ReadAllBytes(path))
    {
    }

    public OnnxRuntimeFile(byte[] file)
    {
        Assert.SkipWhen(OnnxRuntimeModel.Absent is not null, $"ONNX Runtime does not load: {OnnxRuntimeModel.Absent}");
        using var options = new Native.SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new Native.InferenceSession(file, options);
    }

    public float[][] Run(float[] input, params ReadOnlySpan<int> dimensions)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(input, Array.ConvertAll(dimensions.ToArray(), d => (long)d));
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, _session.InputNames, [value], _session.OutputNames);
        return [.. outputs.Select(output => output.GetTensorDataAsSpan<float>().ToArray())];
    }

    public void Dispose() => _session.Dispose();
}
