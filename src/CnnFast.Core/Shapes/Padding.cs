namespace CnnFast;

/// <summary>
/// The padding of a convolution or pooling window: <see cref="Valid"/>, <see cref="Same"/> or explicit for each side.
/// Padding reads as zero in convolutions and is never chosen by a maximum. The default value is <see cref="Valid"/>.
/// </summary>
public readonly record struct Padding
{
    private Padding(PaddingMode mode, int top, int left, int bottom, int right)
    {
        Mode = mode;
        Top = top;
        Left = left;
        Bottom = bottom;
        Right = right;
    }

    /// <summary>No padding.</summary>
    public static Padding Valid => default;

    /// <summary>TensorFlow's SAME_UPPER: ⌈input / stride⌉ output positions, an odd total padded at the bottom and right.</summary>
    public static Padding Same => new(PaddingMode.Same, 0, 0, 0, 0);

    /// <summary>Which rule gives the padding.</summary>
    public PaddingMode Mode { get; }

    /// <summary>Rows above the image; 0 unless the mode is <see cref="PaddingMode.Explicit"/>.</summary>
    public int Top { get; }

    /// <summary>Columns left of the image; 0 unless the mode is <see cref="PaddingMode.Explicit"/>.</summary>
    public int Left { get; }

    /// <summary>Rows below the image; 0 unless the mode is <see cref="PaddingMode.Explicit"/>.</summary>
    public int Bottom { get; }

    /// <summary>Columns right of the image; 0 unless the mode is <see cref="PaddingMode.Explicit"/>.</summary>
    public int Right { get; }

    /// <summary>The same padding on all four sides.</summary>
    /// <param name="all">Rows or columns on each side, at least 0.</param>
    /// <returns>The padding.</returns>
    /// <exception cref="ShapeException"><paramref name="all"/> is negative.</exception>
    public static Padding Explicit(int all) => Explicit(all, all, all, all);

    /// <summary>Padding given for each side.</summary>
    /// <param name="top">Rows above the image, at least 0.</param>
    /// <param name="left">Columns left of the image, at least 0.</param>
    /// <param name="bottom">Rows below the image, at least 0.</param>
    /// <param name="right">Columns right of the image, at least 0.</param>
    /// <returns>The padding.</returns>
    /// <exception cref="ShapeException">A side is negative.</exception>
    public static Padding Explicit(int top, int left, int bottom, int right)
    {
        if (top < 0 || left < 0 || bottom < 0 || right < 0)
            throw new ShapeException(
                $"Padding top {top}, left {left}, bottom {bottom}, right {right} has a negative side; every side must be at least 0.");
        return new Padding(PaddingMode.Explicit, top, left, bottom, right);
    }

    /// <summary>The padding in words, such as <c>Same</c> or <c>[0, 1, 2, 1]</c> (top, left, bottom, right).</summary>
    public override string ToString() => Mode == PaddingMode.Explicit ? $"[{Top}, {Left}, {Bottom}, {Right}]" : Mode.ToString();
}
