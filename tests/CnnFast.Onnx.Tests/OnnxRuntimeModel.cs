using Microsoft.ML.OnnxRuntime;
using Native = Microsoft.ML.OnnxRuntime;

namespace CnnFast.Onnx.Tests;

/// <summary>A model in ONNX Runtime. Images go in and come out in the order of this library.</summary>
internal sealed class OnnxRuntimeModel : IDisposable
{
    private readonly Native.InferenceSession _session;
    private readonly OnnxLayout _layout;

    public OnnxRuntimeModel(Model model, OnnxExportOptions options)
    {
        Assert.SkipWhen(Absent is not null, $"ONNX Runtime does not load: {Absent}");
        using var stream = new MemoryStream();
        OnnxModel.Export(model, stream, options);
        using var sessionOptions =
            new Native.SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new Native.InferenceSession(stream.ToArray(), sessionOptions);
        _layout = options.Layout;
    }

    /// <summary>Why ONNX Runtime cannot be used here; null where it can.</summary>
    public static string? Absent { get; } = Probe();

    public IReadOnlyList<string> InputNames => _session.InputNames;

    public IReadOnlyList<string> OutputNames => _session.OutputNames;

    public IReadOnlyList<int> OutputDimensions => _session.OutputMetadata[_session.OutputNames[0]].Dimensions;

    public IReadOnlyList<string> InputSymbols => _session.InputMetadata[_session.InputNames[0]].SymbolicDimensions;

    public float[] Run(Model model, float[] input, int n)
    {
        bool swap = _layout == OnnxLayout.Nchw && model.InputShape.Rank == 3;
        int[] shape = model.InputShape.Dimensions.ToArray();
        long[] sizes = swap ? [n, shape[2], shape[0], shape[1]] : [n, .. shape.Select(d => (long)d)];
        float[] fed = swap ? ToNchw(input, n, shape[0] * shape[1], shape[2]) : input;
        using var value = OrtValue.CreateTensorValueFromMemory(fed, sizes);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, [InputNames[0]], [value], [OutputNames[0]]);
        float[] output = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        Shape result = model.OutputShape;
        return _layout == OnnxLayout.Nchw && result.Rank == 3 ? FromNchw(output, n, result[0] * result[1], result[2]) : output;
    }

    public void Dispose() => _session.Dispose();

    private static float[] ToNchw(float[] nhwc, int n, int pixels, int channels)
    {
        var nchw = new float[nhwc.Length];
        for (int i = 0; i < nhwc.Length; i++)
            nchw[(((i / channels / pixels * channels) + (i % channels)) * pixels) + (i / channels % pixels)] = nhwc[i];
        return nchw;
    }

    private static float[] FromNchw(float[] nchw, int n, int pixels, int channels) => ToNchw(nchw, n, channels, pixels);

    private static string? Probe()
    {
        try
        {
            _ = OrtEnv.Instance().GetVersionString();
            return null;
        }
        catch (Exception exception)
            when (exception.GetBaseException() is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return exception.GetBaseException().Message;
        }
    }
}
