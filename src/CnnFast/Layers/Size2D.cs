namespace CnnFast.Layers;

/// <summary>A height and a width; a single number stands for both, a tuple <c>(height, width)</c> for each.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>The same height and width.</summary>
    /// <param name="side">Rows and columns.</param>
    public static implicit operator Size2D(int side) => new(side, side);

    /// <summary>Height, then width.</summary>
    /// <param name="size">Rows and columns.</param>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>The same height and width.</summary>
    /// <param name="side">Rows and columns.</param>
    /// <returns>The size.</returns>
    public static Size2D FromInt32(int side) => new(side, side);

    /// <summary>Height, then width.</summary>
    /// <param name="size">Rows and columns.</param>
    /// <returns>The size.</returns>
    public static Size2D FromValueTuple((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>The size in words, such as <c>3×5</c>.</summary>
    public override string ToString() => $"{Height}×{Width}";
}
