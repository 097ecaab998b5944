namespace CnnFast;

/// <summary>
/// All the sizes of a two-dimensional pooling, validated once: the input <c>[N, H, W, C]</c>, window, stride, dilation,
/// the padding of each side and the output <c>[N, OH, OW, C]</c>.
/// Output pixel (i, j) reads input pixel (i·StrideH + a·DilationH − PadTop, j·StrideW + b·DilationW − PadLeft) for each cell (a, b) of the
/// window. Every window holds at least one pixel of the image. Immutable and thread-safe.
/// </summary>
public sealed record Pool2DGeometry
{
    private Pool2DGeometry(int n, WindowAxis rows, WindowAxis columns, int c)
    {
        N = n;
        Rows = rows;
        Columns = columns;
        C = c;
    }

    /// <summary>Images in the batch.</summary>
    public int N { get; }

    /// <summary>Rows of the input.</summary>
    public int H => Rows.Input;

    /// <summary>Columns of the input.</summary>
    public int W => Columns.Input;

    /// <summary>Channels of input and output.</summary>
    public int C { get; }

    /// <summary>Rows of the window.</summary>
    public int KH => Rows.Window;

    /// <summary>Columns of the window.</summary>
    public int KW => Columns.Window;

    /// <summary>Input rows between two output rows.</summary>
    public int StrideH => Rows.Stride;

    /// <summary>Input columns between two output columns.</summary>
    public int StrideW => Columns.Stride;

    /// <summary>Input rows between two window rows.</summary>
    public int DilationH => Rows.Dilation;

    /// <summary>Input columns between two window columns.</summary>
    public int DilationW => Columns.Dilation;

    /// <summary>Padding rows above the image.</summary>
    public int PadTop => Rows.PadBefore;

    /// <summary>Padding rows below the image.</summary>
    public int PadBottom => Rows.PadAfter;

    /// <summary>Padding columns left of the image.</summary>
    public int PadLeft => Columns.PadBefore;

    /// <summary>Padding columns right of the image.</summary>
    public int PadRight => Columns.PadAfter;

    /// <summary>Rows of the output.</summary>
    public int OH => Rows.Output;

    /// <summary>Columns of the output.</summary>
    public int OW => Columns.Output;

    /// <summary>The input <c>[N, H, W, C]</c>.</summary>
    public Shape Input => Shape.Nhwc(N, H, W, C);

    /// <summary>The output <c>[N, OH, OW, C]</c>.</summary>
    public Shape Output => Shape.Nhwc(N, OH, OW, C);

    internal WindowAxis Rows { get; }

    internal WindowAxis Columns { get; }

    /// <summary>Validates the sizes of a pooling and derives its padding and output.</summary>
    /// <param name="input">The input <c>[N, H, W, C]</c>.</param>
    /// <param name="windowH">Rows of the window.</param>
    /// <param name="windowW">Columns of the window.</param>
    /// <param name="strideH">Input rows between two output rows.</param>
    /// <param name="strideW">Input columns between two output columns.</param>
    /// <param name="padding">The padding rule.</param>
    /// <param name="dilationH">Input rows between two window rows.</param>
    /// <param name="dilationW">Input columns between two window columns.</param>
    /// <param name="name">The name that error messages give, such as the layer's.</param>
    /// <returns>The geometry.</returns>
    /// <exception cref="ShapeException">The sizes do not fit together, or some window would hold padding alone.</exception>
    public static Pool2DGeometry Create(
        Shape input,
        int windowH,
        int windowW,
        int strideH,
        int strideW,
        Padding padding = default,
        int dilationH = 1,
        int dilationW = 1,
        string? name = null)
    {
        string who = name is null ? "Pool2D" : $"Pool2D '{name}'";
        if (input.Rank != 4)
            throw new ShapeException($"{who}: input has shape {input}; expected four dimensions [N, H, W, C].");
        string sizes = $"(input N{input[0]} H{input[1]} W{input[2]} C{input[3]}; window {windowH}×{windowW}; stride {strideH}×{strideW}; " +
            $"dilation {dilationH}×{dilationW}; padding {padding})";
        Conv2DGeometry.RequirePositive(who, sizes, ("window height", windowH), ("window width", windowW), ("stride height", strideH),
            ("stride width", strideW), ("dilation height", dilationH), ("dilation width", dilationW));
        WindowAxis? rows = WindowAxis.Create(input[1], windowH, strideH, dilationH, padding.Mode, padding.Top, padding.Bottom);
        WindowAxis? columns = WindowAxis.Create(input[2], windowW, strideW, dilationW, padding.Mode, padding.Left, padding.Right);
        if (rows is null || columns is null)
            throw WindowAxis.Misfit(who, "window", sizes, (input[1], windowH, dilationH), (input[2], windowW, dilationW), padding);
        if (HasEmptyWindow(rows.Value) || HasEmptyWindow(columns.Value))
            throw new ShapeException($"{who}: some window would hold padding alone; pad less {sizes}.");
        var geometry = new Pool2DGeometry(input[0], rows.Value, columns.Value, input[3]);
        _ = geometry.Output;
        return geometry;
    }

    /// <summary>The pooling of whole images into one pixel each (global pooling).</summary>
    /// <param name="input">The input <c>[N, H, W, C]</c>.</param>
    /// <param name="name">The name that error messages give, such as the layer's.</param>
    /// <returns>A geometry whose window is the image.</returns>
    /// <exception cref="ShapeException">The input has not four dimensions.</exception>
    public static Pool2DGeometry Global(Shape input, string? name = null) => input.Rank == 4
        ? Create(input, input[1], input[2], 1, 1, name: name)
        : throw new ShapeException($"{(name is null ? "GlobalPool2D" : $"GlobalPool2D '{name}'")}: input has shape {input}; " +
            "expected four dimensions [N, H, W, C].");

    /// <summary>Windows that cover images in so many rows and columns, as PyTorch's adaptive pooling has them.</summary>
    /// <param name="input">The input <c>[N, H, W, C]</c>.</param>
    /// <param name="oh">Rows of the output, at least 1.</param>
    /// <param name="ow">Columns of the output, at least 1.</param>
    internal static Pool2DGeometry Adaptive(Shape input, int oh, int ow) =>
        new(input[0], WindowAxis.Adaptive(input[1], oh), WindowAxis.Adaptive(input[2], ow), input[3]);

    /// <summary>All sizes on one line, as error messages and benchmarks print them.</summary>
    public override string ToString() =>
        $"N{N} H{H} W{W} C{C}; window {KH}×{KW}; stride {StrideH}×{StrideW}; dilation {DilationH}×{DilationW}; pad [{PadTop}, {PadLeft}, " +
        $"{PadBottom}, {PadRight}]; output H{OH} W{OW}";

    private static bool HasEmptyWindow(WindowAxis axis)
    {
        long last = ((long)(axis.Output - 1) * axis.Stride) - axis.PadBefore;
        if (last >= axis.Input || axis.PadBefore > (long)(axis.Window - 1) * axis.Dilation)
            return true;

        // A window that starts on padding meets the image at its start modulo the dilation; only a dilation
        // longer than the image can miss it.
        long outputs = axis.Dilation > axis.Input
            ? Math.Min(axis.Output, Math.Min(axis.Dilation, ((long)axis.PadBefore + axis.Stride - 1) / axis.Stride))
            : 0;
        for (long o = 0; o < outputs; o++)
        {
            long start = (o * axis.Stride) - axis.PadBefore;
            if (((start % axis.Dilation) + axis.Dilation) % axis.Dilation >= axis.Input)
                return true;
        }

        return false;
    }
}
