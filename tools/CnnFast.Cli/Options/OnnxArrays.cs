using System.Runtime.InteropServices;
using CnnFast.Files;
using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary>NumPy files as tensors of ONNX models.</summary>
internal static class OnnxArrays
{
    /// <summary>Reads an array as the elements that an input has: floats of any numbers, integers of such that fit.</summary>
    /// <exception cref="InputException">The elements are of a type that does not become the input's without loss.</exception>
    public static OnnxTensor Read(string path, ElementType type)
    {
        (NpyElement element, Shape shape, byte[] bytes) = NpyFile.ReadElements(path);
        ReadOnlySpan<int> dimensions = shape.Dimensions;
        return (type, element.Kind, element.Size) switch
        {
            (ElementType.Float32, 'f', 4) => OnnxTensor.Create(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), dimensions),
            (ElementType.Float32, _, _) => OnnxTensor.Create(Floats(element, bytes), dimensions),
            (ElementType.Int64, 'i' or 'u', _) => OnnxTensor.Create(Longs(element, bytes), dimensions),
            (ElementType.Int32, 'i' or 'u', 1 or 4) => OnnxTensor.Create(Array.ConvertAll(Longs(element, bytes), value => (int)value), dimensions),
            (ElementType.UInt8, 'u', 1) => OnnxTensor.Create(bytes, dimensions),
            (ElementType.Bool, 'b', 1) => OnnxTensor.Create(Array.ConvertAll(bytes, value => value != 0), dimensions),
            _ => throw new InputException($"'{path}' holds elements of {NameOf(element)}; the model expects {type} (save it with astype({NumPyName(type)}))."),
        };
    }

    /// <summary>Writes a tensor.</summary>
    public static void Write(string path, OnnxTensor tensor)
    {
        int[] dimensions = [.. tensor.Dimensions];
        if (dimensions.Contains(0))
            throw new InputException($"The output for '{path}' is [{string.Join(", ", dimensions)}], without elements; expected some.");
        NpyFile.WriteElements(path, new Shape(dimensions), tensor.ElementType, tensor.Bytes.Span);
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

    private static float[] Floats(NpyElement element, byte[] bytes)
    {
        var values = new float[bytes.Length / element.Size];
        element.Convert(bytes, values);
        return values;
    }

    private static long[] Longs(NpyElement element, byte[] bytes) => element.Size switch
    {
        1 => Array.ConvertAll(bytes, value => (long)value),
        4 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (long)value),
        _ => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
    };

    private static string NameOf(NpyElement element) => element switch
    {
        { Kind: 'b' } => "bool",
        { Kind: 'u' } => "uint8",
        { Kind: 'i' } => $"int{element.Size * 8}",
        _ => $"float{element.Size * 8}",
    };

    private static string NumPyName(ElementType type) => type switch
    {
        ElementType.Int32 => "'int32'",
        ElementType.Int64 => "'int64'",
        ElementType.UInt8 => "'uint8'",
        ElementType.Bool => "'bool'",
        _ => "'float32'",
    };
}
