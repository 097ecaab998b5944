namespace CnnFast.Graphs;

/// <summary>Sequences <c>[N, L, C]</c> as images of one row, on which the operators of images run.</summary>
internal static class SequenceShape
{
    /// <summary>The images <c>[N, 1, L, C]</c>.</summary>
    /// <exception cref="ShapeException">The input is no batch of sequences.</exception>
    public static Shape AsImages(string who, Shape input) => input.Rank == 3
        ? Shape.Nhwc(input[0], 1, input[1], input[2])
        : throw new ShapeException($"{who}: input has shape {ShapeText.OfBatch(input)}; expected sequences (N, L, C).");

    /// <summary>The sequences of images of one row.</summary>
    public static Shape Of(Shape images) => new(images[0], images[2], images[3]);

    /// <summary>Throws unless a window has one row and pads none.</summary>
    public static void Validate(string who, Window2D window)
    {
        if (window.H != 1 || window.StrideH != 1 || window.DilationH != 1 || window.Padding.Top + window.Padding.Bottom != 0)
            throw new ArgumentException($"{who}: the window has {window.H} rows, stride {window.StrideH}, dilation {window.DilationH} " +
                $"and padding {window.Padding}; expected 1 row, stride and dilation of 1 and no padding of rows.");
    }
}
