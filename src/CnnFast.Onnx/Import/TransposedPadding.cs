namespace CnnFast.Onnx.Import;

/// <summary>What a transposed convolution leaves off its output, and what it adds behind it.</summary>
/// <param name="Padding">Rows and columns that are left off.</param>
/// <param name="OutputH">Rows that are added.</param>
/// <param name="OutputW">Columns that are added.</param>
internal sealed record TransposedPadding(Padding Padding, int OutputH, int OutputW)
{
    /// <summary>Reads the attributes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="window">The window.</param>
    /// <param name="x">The input.</param>
    public static TransposedPadding Read(NodeImport node, Window window, ImportedValue x)
    {
        int axes = x.Rank - 2;
        string autoPad = node.Text("auto_pad", "NOTSET");
        int[] added = Pair(node, "output_padding", axes, 0) ?? [0, 0];
        int[]? output = Pair(node, "output_shape", axes, 1);
        int[] sides = window.IsTransposedSame ? [0, 0, 0, 0] : window.Sides();
        int[] lengths = axes == 1 ? [1, x.Dimensions[2]] : [x.Dimensions[2], x.Dimensions[3]];
        int[] strides = [window.StrideH, window.StrideW];
        int[] dilations = [window.DilationH, window.DilationW];
        int[] spans = [((window.H - 1) * window.DilationH) + 1, ((window.W - 1) * window.DilationW) + 1];
        if (output is null && autoPad is "SAME_UPPER" or "SAME_LOWER")
            output = [checked(lengths[0] * strides[0]), checked(lengths[1] * strides[1])];
        for (int axis = 0; axis < 2 && output is not null; axis++)
        {
            long total = ((lengths[axis] - 1L) * strides[axis]) + added[axis] + spans[axis] - output[axis];
            if (total < 0)
            {
                // The output is longer than the windows reach: the rest holds the bias alone.
                added[axis] = checked((int)(added[axis] - total));
                total = 0;
            }

            int less = (int)(total / 2);
            (sides[axis], sides[axis + 2]) = autoPad == "SAME_UPPER" ? (less, (int)total - less) : ((int)total - less, less);
        }

        if (sides.Any(side => side < 0))
            throw node.Unsupported($"the attribute pads holds a negative number: [{string.Join(", ", sides)}]");
        for (int axis = 0; axis < 2; axis++)
        {
            // What is added first takes back what is left off behind.
            int back = Math.Min(added[axis], sides[axis + 2]);
            added[axis] -= back;
            sides[axis + 2] -= back;
            if (added[axis] >= Math.Max(strides[axis], dilations[axis]) && added[axis] > 0)
                throw node.Unsupported($"output_padding or output_shape adds {added[axis]} to the output; supported is less than the " +
                    $"larger of stride {strides[axis]} and dilation {dilations[axis]}");
        }

        return new TransposedPadding(Padding.Explicit(sides[0], sides[1], sides[2], sides[3]), added[0], added[1]);
    }

    private static int[]? Pair(NodeImport node, string name, int axes, int missing)
    {
        if (node.Ints(name) is not { } values)
            return null;

        // Some files hold the batch and the channels too.
        if (name == "output_shape" && values.Length == axes + 2)
            values = values[2..];
        if (values.Length != axes || values.Any(value => value < 0))
            throw node.Damaged($"the attribute {name} is [{string.Join(", ", values)}]; expected {axes} numbers from 0");
        return axes == 1 ? [missing, values[0]] : values;
    }
}
