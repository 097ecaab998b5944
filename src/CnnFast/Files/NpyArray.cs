namespace CnnFast.Files;

/// <summary>
/// An array of a NumPy file, as floats in C order. Immutable as long as nobody writes to the memory that it was made from.
/// </summary>
public sealed class NpyArray
{
    /// <summary>Creates an array over the caller's memory, without a copy.</summary>
    /// <param name="shape">The shape; rank 0 is a single value.</param>
    /// <param name="data">As many values as the shape has elements, the last dimension contiguous.</param>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public NpyArray(Shape shape, ReadOnlyMemory<float> data)
    {
        if (data.Length != shape.ElementCount)
            throw new ShapeException($"NpyArray: {data.Length} values were given for the shape {shape}; expected {shape.ElementCount}.");
        Shape = shape;
        Data = data;
    }

    /// <summary>The shape.</summary>
    public Shape Shape { get; }

    /// <summary>The values, the last dimension contiguous.</summary>
    public ReadOnlyMemory<float> Data { get; }
}
