using System.Globalization;

namespace CnnFast;

/// <summary>
/// The dimensions of a tensor, outermost first: <c>[N, H, W, C]</c> for images, <c>[N, F]</c> for features.
/// Every dimension is at least 1 and the number of elements fits an <see cref="int"/>, so that a span can hold the tensor.
/// Immutable and thread-safe; the default value is the shape of a scalar (rank 0, one element).
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly int[]? _dimensions;

    /// <summary>Creates a shape from its dimensions, outermost first.</summary>
    /// <param name="dimensions">Dimensions, each at least 1.</param>
    /// <exception cref="ShapeException">A dimension is below 1, or the number of elements is above <see cref="int.MaxValue"/>.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (int dimension in dimensions)
        {
            if (dimension < 1)
                throw new ShapeException($"Shape {Format(dimensions)} has a dimension of {dimension}; every dimension must be at least 1.");
            count *= dimension;
            if (count > int.MaxValue)
                throw new ShapeException(
                    $"Shape {Format(dimensions)} has more than {int.MaxValue} elements, which is the most that one tensor can hold.");
        }

        _dimensions = dimensions.ToArray();
    }

    /// <summary>The shape <c>[n, h, w, c]</c> of a batch of images.</summary>
    /// <param name="n">Images in the batch.</param>
    /// <param name="h">Rows of an image.</param>
    /// <param name="w">Columns of an image.</param>
    /// <param name="c">Channels of a pixel, contiguous in memory.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="ShapeException">A dimension is below 1, or there are too many elements.</exception>
    public static Shape Nhwc(int n, int h, int w, int c) => new(n, h, w, c);

    /// <summary>The dimensions, outermost first.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>The number of dimensions.</summary>
    public int Rank => _dimensions?.Length ?? 0;

    /// <summary>The number of elements: the product of the dimensions.</summary>
    public int ElementCount
    {
        get
        {
            int count = 1;
            foreach (int dimension in Dimensions)
                count *= dimension;
            return count;
        }
    }

    /// <summary>The dimension at an axis, counted from the outermost.</summary>
    /// <param name="axis">The axis, from 0 to <see cref="Rank"/> − 1.</param>
    public int this[int axis] => Dimensions[axis];

    /// <summary>The same shape behind a new outermost dimension.</summary>
    /// <param name="batch">The new outermost dimension, at least 1.</param>
    /// <returns>A shape of one rank more.</returns>
    /// <exception cref="ShapeException"><paramref name="batch"/> is below 1, or there are too many elements.</exception>
    public Shape WithBatch(int batch)
    {
        Span<int> all = stackalloc int[Rank + 1];
        all[0] = batch;
        Dimensions.CopyTo(all[1..]);
        return new Shape(all);
    }

    /// <summary>The same shape without its outermost dimension: of one sample of the batch.</summary>
    /// <returns>A shape of one rank less.</returns>
    /// <exception cref="ShapeException">The shape is that of a scalar.</exception>
    public Shape WithoutBatch() =>
        Rank > 0 ? new Shape(Dimensions[1..]) : throw new ShapeException("A scalar has no batch dimension to remove.");

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dimensions.SequenceEqual(other.Dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int dimension in Dimensions)
            hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have the same dimensions.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ in a dimension.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The dimensions in brackets, such as <c>[8, 28, 28, 1]</c>.</summary>
    public override string ToString() => Format(Dimensions);

    private static string Format(ReadOnlySpan<int> dimensions)
    {
        var parts = new string[dimensions.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = dimensions[i].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", parts)}]";
    }
}
