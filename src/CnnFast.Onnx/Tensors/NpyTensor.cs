using System.Runtime.InteropServices;
using CnnFast.Files;

namespace CnnFast.Onnx.Tensors;

/// <summary>NumPy files as tensors.</summary>
internal static class NpyTensor
{
    /// <summary>Reads an array as elements of a type: floats of any numbers, integers of such that fit.</summary>
    /// <exception cref="DataFormatException">The elements do not become that type without loss.</exception>
    public static OnnxTensor Read(string path, ElementType? wanted)
    {
        (NpyElement element, Shape shape, byte[] bytes) = NpyFile.ReadElements(path);
        ReadOnlySpan<int> dimensions = shape.Dimensions;
        ElementType type = wanted ?? TypeOf(element);
        return (type, element.Kind, element.Size) switch
        {
            (ElementType.Float32, 'f', 4) => OnnxTensor.Create(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), dimensions),
            (ElementType.Float32, _, _) => OnnxTensor.Create(Floats(element, bytes), dimensions),
            (ElementType.Int64, 'i' or 'u', _) => OnnxTensor.Create(Longs(element, bytes), dimensions),
            (ElementType.Int32, 'i' or 'u', 1 or 4) =>
                OnnxTensor.Create(Array.ConvertAll(Longs(element, bytes), value => (int)value), dimensions),
            (ElementType.UInt8, 'u', 1) => OnnxTensor.Create(bytes, dimensions),
            (ElementType.Bool, 'b', 1) => OnnxTensor.Create(Array.ConvertAll(bytes, value => value != 0), dimensions),
            _ => throw new DataFormatException(
                $"'{path}' holds elements of {NameOf(element)}; the model expects {type} (save it with astype({NumPyName(type)}))."),
        };
    }

    private static ElementType TypeOf(NpyElement element) => element switch
    {
        { Kind: 'b' } => ElementType.Bool,
        { Kind: 'u' } => ElementType.UInt8,
        { Kind: 'i', Size: 8 } => ElementType.Int64,
        { Kind: 'i' } => ElementType.Int32,
        _ => ElementType.Float32,
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
