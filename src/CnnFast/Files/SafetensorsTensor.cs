using System.Runtime.InteropServices;

namespace CnnFast.Files;

/// <summary>
/// A named tensor of a safetensors file. Tensors of type F32 hold floats; of every other type they hold the bytes of the file, so that a
/// file can be written again as it was. Immutable as long as nobody writes to the memory that it was made from.
/// </summary>
public sealed class SafetensorsTensor
{
    private readonly ReadOnlyMemory<float> _floats;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Creates a tensor of floats over the caller's memory, without a copy.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="data">As many values as the shape has elements, the last dimension contiguous.</param>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public SafetensorsTensor(string name, Shape shape, ReadOnlyMemory<float> data)
        : this(name, SafetensorsDType.F32, shape)
    {
        if (data.Length != shape.ElementCount)
            throw new ShapeException(
                $"Tensor {Excerpt.Of(name)}: {data.Length} values were given for the shape {shape}; expected {shape.ElementCount}.");
        _floats = data;
    }

    internal SafetensorsTensor(string name, SafetensorsDType dtype, Shape shape, ReadOnlyMemory<byte> bytes)
        : this(name, dtype, shape)
    {
        _bytes = bytes;
    }

    private SafetensorsTensor(string name, SafetensorsDType dtype, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        DType = dtype;
        Shape = shape;
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsDType DType { get; }

    /// <summary>The shape; rank 0 is a single value.</summary>
    public Shape Shape { get; }

    /// <summary>The values of a tensor of type F32, the last dimension contiguous, bit for bit as in the file.</summary>
    /// <exception cref="DataFormatException">The tensor has another element type.</exception>
    public ReadOnlyMemory<float> Data => DType == SafetensorsDType.F32
        ? _floats
        : throw new DataFormatException($"Tensor {Excerpt.Of(Name)} is of type {SafetensorsDTypes.NameOf(DType)}; expected F32, " +
            "the only type that can be read as floats.");

    /// <summary>The little-endian bytes of the values, whatever their type.</summary>
    /// <exception cref="OverflowException">There are more than 2^31 − 1 bytes; <see cref="Data"/> has no such limit.</exception>
    public ReadOnlySpan<byte> Bytes => DType == SafetensorsDType.F32 ? MemoryMarshal.AsBytes(_floats.Span) : _bytes.Span;
}
