namespace CnnFast.Data;

/// <summary>What comes into an image from outside when it moves. The default is byte 0.</summary>
public readonly record struct ImageFill
{
    private ImageFill(Operators.ImageEdge edge, byte value)
    {
        Edges = edge;
        Value = value;
    }

    /// <summary>The nearest pixel of the image.</summary>
    public static ImageFill Edge { get; } = new(Operators.ImageEdge.Edge, 0);

    /// <summary>The image mirrored at its edges, once; further out the nearest pixel.</summary>
    public static ImageFill Reflect { get; } = new(Operators.ImageEdge.Reflect, 0);

    internal Operators.ImageEdge Edges { get; }

    internal byte Value { get; }

    /// <summary>One value for all channels.</summary>
    /// <param name="value">The byte.</param>
    /// <returns>The fill.</returns>
    public static ImageFill Constant(byte value) => new(Operators.ImageEdge.Constant, value);

    /// <summary>In words, such as <c>Constant(0)</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => Edges == Operators.ImageEdge.Constant ? $"Constant({Value})" : Edges.ToString();
}
