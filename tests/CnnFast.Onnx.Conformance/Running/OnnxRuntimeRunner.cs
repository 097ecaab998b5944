using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Native = Microsoft.ML.OnnxRuntime;

namespace CnnFast.Onnx.Conformance.Running;

/// <summary>ONNX Runtime on one thread, without its graph optimisations: each operator as its kernel computes it.</summary>
internal sealed class OnnxRuntimeRunner : IOnnxRunner
{
    public IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> Run(ReadOnlyMemory<byte> model,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>>? inputSets)
    {
        ArgumentNullException.ThrowIfNull(inputSets);
        using var sessionOptions = new Native.SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using Native.InferenceSession session = Load(model, sessionOptions);
        return [.. inputSets.Select(inputs => Run(session, inputs))];
    }

    private static Dictionary<string, OnnxTensor> Run(Native.InferenceSession session, IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        string[] names = [.. inputs.Keys];
        OrtValue[] values = [.. names.Select(name => ToNative(inputs[name]))];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, names, values, session.OutputNames);
            return session.OutputNames.Zip(outputs).ToDictionary(pair => pair.First, pair => FromNative(pair.Second));
        }
        finally
        {
            foreach (OrtValue value in values)
                value.Dispose();
        }
    }

    private static Native.InferenceSession Load(ReadOnlyMemory<byte> model, Native.SessionOptions options)
    {
        try
        {
            return new Native.InferenceSession(model.ToArray(), options);
        }
        catch (OnnxRuntimeException refused) when (refused.Message.Contains("NotImplemented", StringComparison.Ordinal))
        {
            throw new NotSupportedException(refused.Message, refused);
        }
    }

    private static OrtValue ToNative(OnnxTensor tensor) => tensor.ElementType switch
    {
        ElementType.Float32 => Create<float>(tensor),
        ElementType.Int32 => Create<int>(tensor),
        ElementType.Int64 => Create<long>(tensor),
        ElementType.UInt8 => Create<byte>(tensor),
        _ => Create<bool>(tensor),
    };

    private static OrtValue Create<T>(OnnxTensor tensor)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(tensor.Values<T>().ToArray(), [.. tensor.Dimensions.Select(d => (long)d)]);

    private static OnnxTensor FromNative(OrtValue value)
    {
        if (value.OnnxType != OnnxValueType.ONNX_TYPE_TENSOR)
            throw new NotSupportedException($"ONNX Runtime gave a {value.OnnxType}.");
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        int[] dimensions = [.. info.Shape.Select(d => (int)d)];
        return info.ElementDataType switch
        {
            TensorElementType.Float => OnnxTensor.Create(value.GetTensorDataAsSpan<float>().ToArray(), dimensions),
            TensorElementType.Int32 => OnnxTensor.Create(value.GetTensorDataAsSpan<int>().ToArray(), dimensions),
            TensorElementType.Int64 => OnnxTensor.Create(value.GetTensorDataAsSpan<long>().ToArray(), dimensions),
            TensorElementType.UInt8 => OnnxTensor.Create(value.GetTensorDataAsSpan<byte>().ToArray(), dimensions),
            TensorElementType.Bool => OnnxTensor.Create(value.GetTensorDataAsSpan<bool>().ToArray(), dimensions),
            _ => throw new NotSupportedException($"ONNX Runtime gave a tensor of {info.ElementDataType}."),
        };
    }
}
