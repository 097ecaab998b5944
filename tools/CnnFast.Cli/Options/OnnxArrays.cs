using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary>Tensors of ONNX models as numbers and NumPy files.</summary>
internal static class OnnxArrays
{
    /// <summary>Writes a tensor.</summary>
    public static void Write(string path, OnnxTensor tensor)
    {
        if (tensor.Count == 0)
            throw new InputException(
                $"The output for '{path}' is [{string.Join(", ", tensor.Dimensions)}], without elements; expected some.");
        tensor.WriteNpy(path);
    }

    /// <summary>The elements as numbers.</summary>
    public static double[] Numbers(OnnxTensor tensor) => tensor.ElementType switch
    {
        ElementType.Float32 => Array.ConvertAll(tensor.Values<float>().ToArray(), value => (double)value),
        ElementType.Int32 => Array.ConvertAll(tensor.Values<int>().ToArray(), value => (double)value),
        ElementType.Int64 => Array.ConvertAll(tensor.Values<long>().ToArray(), value => (double)value),
        ElementType.UInt8 => Array.ConvertAll(tensor.Values<byte>().ToArray(), value => (double)value),
        _ => Array.ConvertAll(tensor.Values<bool>().ToArray(), value => value ? 1.0 : 0.0),
    };
}
