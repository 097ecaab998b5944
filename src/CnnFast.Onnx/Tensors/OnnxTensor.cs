using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using CnnFast.Files;
using CnnFast.Onnx.Tensors;

namespace CnnFast.Onnx;

/// <summary>
/// A dense tensor in ONNX's order: row-major, the last dimension running fastest, images <c>[N, C, H, W]</c>. Its values do not change: any
/// number of threads may read it.
/// </summary>
public sealed class OnnxTensor
{
    private readonly ReadOnlyCollection<int> _dimensions;

    /// <summary>Wraps bytes, which the tensor keeps.</summary>
    /// <param name="elementType">What the elements are.</param>
    /// <param name="bytes">The elements, one after the other; a truth value is a byte of 0 or 1.</param>
    /// <param name="dimensions">The dimensions, which the bytes fit; of the tensor from here on.</param>
    internal OnnxTensor(ElementType elementType, Memory<byte> bytes, int[] dimensions)
    {
        ElementType = elementType;
        Bytes = bytes;
        _dimensions = Array.AsReadOnly(dimensions);
        Count = bytes.Length / ElementTypes.SizeOf(elementType);
    }

    /// <summary>What the elements are.</summary>
    public ElementType ElementType { get; }

    /// <summary>The dimensions; none for a scalar. A tensor with a dimension of 0 has no elements.</summary>
    public IReadOnlyList<int> Dimensions => _dimensions;

    /// <summary>How many elements there are: the product of the dimensions.</summary>
    public int Count { get; }

    /// <summary>The elements as they lie in memory.</summary>
    internal Memory<byte> Bytes { get; }

    /// <summary>Creates a tensor.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="int"/>, <see cref="long"/>, <see cref="byte"/> or
    /// <see cref="bool"/>.</typeparam>
    /// <param name="values">The elements, which are copied.</param>
    /// <param name="dimensions">The dimensions; none for a scalar.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The number of values is not the product of the dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    /// <exception cref="NotSupportedException">Elements of this type make no tensor.</exception>
    public static OnnxTensor Create<T>(T[] values, params ReadOnlySpan<int> dimensions)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        ElementType type = ElementTypes.Of<T>() ?? throw UnknownType<T>();
        foreach (int dimension in dimensions)
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(dimensions));
        if (CountOf(dimensions) != values.Length)
            throw new ArgumentException(
                $"OnnxTensor.Create: {values.Length} values do not fill the dimensions [{string.Join(", ", dimensions.ToArray())}].",
                nameof(values));
        return new OnnxTensor(type, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), dimensions.ToArray());
    }

    /// <summary>Reads an array in NumPy's <c>.npy</c> format, in C order. The file is treated as untrusted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="elementType">
    /// What the elements become, such as <see cref="OnnxTensorInfo.ElementType"/> of an input: floats of any numbers, integers of such that
    /// fit. Null for what the file has; floats of 16 and 64 bits become <see cref="ElementType.Float32"/>.
    /// </param>
    /// <returns>The tensor.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is not a whole NumPy file, or its elements do not become the
    /// type without loss.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static OnnxTensor ReadNpy(string path, ElementType? elementType = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return NpyTensor.Read(path, elementType);
    }

    /// <summary>Writes the tensor in NumPy's <c>.npy</c> format, replacing an old file in one step.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidOperationException">The tensor has no elements.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written; the old file is as it was.</exception>
    /// <exception cref="IOException">There is no such folder, or the disk is full; the old file is as it was.</exception>
    public void WriteNpy(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Count == 0)
            throw new InvalidOperationException(
                $"OnnxTensor.WriteNpy: the tensor is [{string.Join(", ", _dimensions)}], without elements; expected some.");
        NpyFile.WriteElements(path, new Shape([.. _dimensions]), ElementType, Bytes.Span);
    }

    /// <summary>The elements.</summary>
    /// <typeparam name="T">The C# type of <see cref="ElementType"/>.</typeparam>
    /// <returns>The elements in ONNX's order.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged
    {
        if (ElementTypes.Of<T>() != ElementType)
            throw new InvalidOperationException($"OnnxTensor.Values: the elements are {ElementType}, not {typeof(T).Name}.");
        return MemoryMarshal.Cast<byte, T>(Bytes.Span);
    }

    /// <summary>Creates a tensor whose bytes are yet to be written, without a type argument.</summary>
    /// <param name="elementType">What the elements are.</param>
    /// <param name="dimensions">The dimensions, none negative.</param>
    /// <exception cref="NotSupportedException">The tensor is larger than an array can be.</exception>
    internal static OnnxTensor Allocate(ElementType elementType, params ReadOnlySpan<int> dimensions)
    {
        long? count = CountOf(dimensions);
        if (count is null || count > Array.MaxLength / ElementTypes.SizeOf(elementType))
            throw new NotSupportedException(
                $"A tensor of dimensions [{string.Join(", ", dimensions.ToArray())}] is larger than an array can be.");
        return new OnnxTensor(elementType, new byte[(int)count * ElementTypes.SizeOf(elementType)], dimensions.ToArray());
    }

    /// <summary>The product of dimensions, none of them negative; null where it exceeds what can be counted.</summary>
    internal static long? CountOf(ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Contains(0))
            return 0;
        long count = 1;
        foreach (int dimension in dimensions)
        {
            count *= dimension;
            if (count > int.MaxValue)
                return null;
        }

        return count;
    }

    private static NotSupportedException UnknownType<T>() =>
        new($"OnnxTensor.Create: elements of type {typeof(T).Name} make no tensor; expected float, int, long, byte or bool.");
}
