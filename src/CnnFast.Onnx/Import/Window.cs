using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>
/// A window that slides over images: the attributes that convolutions and poolings share. Rows of one dimension are images of one row.
/// </summary>
internal sealed class Window
{
    private readonly ImportedValue _input;
    private readonly bool _ceils;
    private readonly bool _isPool;
    private readonly int[]? _pads;
    private readonly string _autoPad;

    private Window(ImportedValue input, int[] size, int[] strides, int[] dilations, int[]? pads, string autoPad, bool ceils, bool isPool)
    {
        _input = input;
        (H, W) = Pair(size);
        (StrideH, StrideW) = Pair(strides);
        (DilationH, DilationW) = Pair(dilations);
        _pads = pads;
        _autoPad = autoPad;
        _ceils = ceils;
        _isPool = isPool;
    }

    /// <summary>Height.</summary>
    public int H { get; }

    /// <summary>Width.</summary>
    public int W { get; }

    /// <summary>Rows from one window to the next.</summary>
    public int StrideH { get; }

    /// <summary>Columns from one window to the next.</summary>
    public int StrideW { get; }

    /// <summary>Rows from one tap to the next.</summary>
    public int DilationH { get; }

    /// <summary>Columns from one tap to the next.</summary>
    public int DilationW { get; }

    /// <summary>Whether padding follows from the output, where the window leads from outputs to inputs.</summary>
    public bool IsTransposedSame => _autoPad is "SAME_UPPER" or "SAME_LOWER";

    /// <summary>Whether the input has one spatial dimension.</summary>
    public bool IsRow => _input.Rank == 3;

    /// <summary>Reads the attributes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The images, <c>[N, C, H, W]</c> or <c>[N, C, L]</c>.</param>
    /// <param name="filter">The window's size where the filter gives it; empty for poolings.</param>
    /// <param name="ceils">Whether a last window that reaches over the padded image counts, if it starts inside.</param>
    public static Window Read(NodeImport node, ImportedValue input, ReadOnlySpan<int> filter, bool ceils = false)
    {
        int axes = input.Rank - 2;
        if (axes is not (1 or 2))
            throw node.Unsupported($"the input has {axes} spatial dimensions; supported are 1 and 2");
        if (input.Type != ElementType.Float32)
            throw node.Unsupported($"the input is of {input.Type}; supported is Float32");
        int[] ones = [.. Enumerable.Repeat(1, axes)];
        int[] size = node.Ints("kernel_shape")
            ?? (filter.IsEmpty ? throw node.Damaged("the attribute kernel_shape is missing") : filter.ToArray());
        int[] strides = node.Ints("strides") ?? ones;
        int[] dilations = node.Ints("dilations") ?? ones;
        int[]? pads = node.Ints("pads");
        string autoPad = node.Choice("auto_pad", "NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID");
        if (size.Length != axes || strides.Length != axes || dilations.Length != axes || (pads is not null && pads.Length != 2 * axes)
            || (!filter.IsEmpty && !filter.SequenceEqual(size)))
            throw node.Damaged($"kernel_shape, strides, dilations or pads do not have {axes} dimensions, or differ from the filter's");
        if (size.Any(value => value < 1) || strides.Any(value => value < 1) || dilations.Any(value => value < 1))
            throw node.Damaged("kernel_shape, strides or dilations hold a number below 1");
        return new Window(input, size, strides, dilations, pads, autoPad, ceils, filter.IsEmpty);
    }

    /// <summary>The images, channels last.</summary>
    public GraphTensor Images(GraphImport graph, ImportedValue value)
    {
        GraphTensor tensor = graph.As(value, GraphImport.ChannelsLast(value.Rank));
        return IsRow ? graph.View(tensor, Shape.Nhwc(tensor.Shape[0], 1, tensor.Shape[1], tensor.Shape[2])) : tensor;
    }

    /// <summary>Images of the graph as a value of the model.</summary>
    public ImportedValue ToValue(GraphImport graph, GraphTensor tensor, int channels)
    {
        Shape s = tensor.Shape;
        if (!IsRow)
            return graph.ToValue(tensor, [s[0], channels, s[1], s[2]], [0, 2, 3, 1]);
        return graph.ToValue(graph.View(tensor, new Shape(s[0], s[2], s[3])), [s[0], channels, s[2]], [0, 2, 1]);
    }

    /// <summary>The padding.</summary>
    /// <exception cref="NotSupportedException">It is negative.</exception>
    public Padding Padding(NodeImport node)
    {
        if (_autoPad == "SAME_UPPER")
            return CnnFast.Padding.Same;
        int[] sides = Sides();
        (int below, int right) = Overhang();
        sides[2] += below;
        sides[3] += right;
        if (sides.Any(side => side < 0))
            throw node.Unsupported($"the attribute pads holds a negative number: [{string.Join(", ", sides)}]");
        return CnnFast.Padding.Explicit(sides[0], sides[1], sides[2], sides[3]);
    }

    /// <summary>The window as operations hold it.</summary>
    public Window2D With(Padding padding) => new(H, W, StrideH, StrideW, DilationH, DilationW, padding);

    /// <summary>Rows above, columns left, rows below, columns right, whatever the attributes say.</summary>
    public int[] Sides()
    {
        if (_autoPad is "SAME_UPPER" or "SAME_LOWER")
        {
            (int height, int width) = IsRow ? (1, _input.Dimensions[2]) : (_input.Dimensions[2], _input.Dimensions[3]);
            (int top, int bottom) = Same(height, H, StrideH, DilationH);
            (int left, int right) = Same(width, W, StrideW, DilationW);
            return [top, left, bottom, right];
        }

        if (_autoPad == "VALID" || _pads is null)
            return [0, 0, 0, 0];
        return IsRow ? [0, _pads[0], 0, _pads[1]] : [_pads[0], _pads[1], _pads[2], _pads[3]];
    }

    /// <summary>Rows below and columns right of the padded image that the last windows reach.</summary>
    public (int Below, int Right) Overhang()
    {
        if (!_isPool || _autoPad is "SAME_UPPER" or "SAME_LOWER")
            return (0, 0);
        int[] sides = Sides();
        (int height, int width) = IsRow ? (1, _input.Dimensions[2]) : (_input.Dimensions[2], _input.Dimensions[3]);
        return (Overhang(height, sides[0], sides[2], H, StrideH, DilationH), Overhang(width, sides[1], sides[3], W, StrideW, DilationW));
    }

    // A window larger than the padded image still has one place where a stride of it starts inside: ONNX Runtime divides towards zero.
    private int Overhang(int length, int before, int after, int window, int stride, int dilation)
    {
        long span = ((long)(window - 1) * dilation) + 1;
        long padded = (long)length + before + after;
        if (span > padded)
            return span - padded < stride ? (int)(span - padded) : 0;
        if (!_ceils)
            return 0;
        long outputs = ((padded - span + stride - 1) / stride) + 1;
        if ((outputs - 1) * stride >= length + before)
            outputs--;
        return (int)Math.Max(0, ((outputs - 1) * stride) + span - padded);
    }

    private (int Before, int After) Same(int length, int window, int stride, int dilation)
    {
        long outputs = ((long)length + stride - 1) / stride;
        int total = (int)Math.Max(0, ((outputs - 1) * stride) + ((long)(window - 1) * dilation) + 1 - length);
        int less = total / 2;
        return _autoPad == "SAME_UPPER" ? (less, total - less) : (total - less, less);
    }

    private static (int H, int W) Pair(int[] values) => values.Length == 1 ? (1, values[0]) : (values[0], values[1]);
}
