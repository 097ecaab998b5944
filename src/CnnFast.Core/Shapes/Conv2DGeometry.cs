namespace CnnFast;

/// <summary>
/// All the sizes of a two-dimensional convolution, validated once: the input <c>[N, H, W, C]</c>, the filter <c>[KH, KW, C/G, OC]</c>,
/// stride, dilation, groups, the padding of each side and the output <c>[N, OH, OW, OC]</c>.
/// Output pixel (i, j) reads input pixel (i·StrideH + a·DilationH − PadTop, j·StrideW + b·DilationW − PadLeft) through tap (a, b).
/// Immutable and thread-safe.
/// </summary>
public sealed record Conv2DGeometry
{
    private Conv2DGeometry(int n, WindowAxis rows, WindowAxis columns, int c, int oc, int groups)
    {
        N = n;
        Rows = rows;
        Columns = columns;
        C = c;
        OC = oc;
        Groups = groups;
    }

    /// <summary>Images in the batch.</summary>
    public int N { get; }

    /// <summary>Rows of the input.</summary>
    public int H => Rows.Input;

    /// <summary>Columns of the input.</summary>
    public int W => Columns.Input;

    /// <summary>Channels of the input.</summary>
    public int C { get; }

    /// <summary>Rows of the filter.</summary>
    public int KH => Rows.Window;

    /// <summary>Columns of the filter.</summary>
    public int KW => Columns.Window;

    /// <summary>Channels of the output.</summary>
    public int OC { get; }

    /// <summary>Groups: output channels of group g read only the input channels of group g.</summary>
    public int Groups { get; }

    /// <summary>Input channels of one group.</summary>
    public int GroupC => C / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOC => OC / Groups;

    /// <summary>Input rows between two output rows.</summary>
    public int StrideH => Rows.Stride;

    /// <summary>Input columns between two output columns.</summary>
    public int StrideW => Columns.Stride;

    /// <summary>Input rows between two filter rows.</summary>
    public int DilationH => Rows.Dilation;

    /// <summary>Input columns between two filter columns.</summary>
    public int DilationW => Columns.Dilation;

    /// <summary>Zero rows above the image.</summary>
    public int PadTop => Rows.PadBefore;

    /// <summary>Zero rows below the image.</summary>
    public int PadBottom => Rows.PadAfter;

    /// <summary>Zero columns left of the image.</summary>
    public int PadLeft => Columns.PadBefore;

    /// <summary>Zero columns right of the image.</summary>
    public int PadRight => Columns.PadAfter;

    /// <summary>Rows of the output.</summary>
    public int OH => Rows.Output;

    /// <summary>Columns of the output.</summary>
    public int OW => Columns.Output;

    /// <summary>The input <c>[N, H, W, C]</c>.</summary>
    public Shape Input => Shape.Nhwc(N, H, W, C);

    /// <summary>The filter <c>[KH, KW, C/G, OC]</c>.</summary>
    public FilterShape Filter => new(KH, KW, GroupC, OC);

    /// <summary>The output <c>[N, OH, OW, OC]</c>.</summary>
    public Shape Output => Shape.Nhwc(N, OH, OW, OC);

    /// <summary>Multiply-adds of one forward pass, taps that fall on padding included: N·OH·OW·OC·KH·KW·C/G.</summary>
    public long MultiplyAdds => (long)N * OH * OW * OC * KH * KW * GroupC;

    internal WindowAxis Rows { get; }

    internal WindowAxis Columns { get; }

    /// <summary>Validates the sizes of a convolution and derives its padding and output.</summary>
    /// <param name="input">The input <c>[N, H, W, C]</c>.</param>
    /// <param name="filter">The filter: KH, KW, input channels of one group, output channels.</param>
    /// <param name="padding">The padding rule.</param>
    /// <param name="strideH">Input rows between two output rows.</param>
    /// <param name="strideW">Input columns between two output columns.</param>
    /// <param name="dilationH">Input rows between two filter rows.</param>
    /// <param name="dilationW">Input columns between two filter columns.</param>
    /// <param name="groups">Groups of channels; must divide C and OC.</param>
    /// <param name="name">The name that error messages give, such as the layer's.</param>
    /// <returns>The geometry.</returns>
    /// <exception cref="ShapeException">The sizes do not fit together; the message gives all of them.</exception>
    public static Conv2DGeometry Create(
        Shape input,
        FilterShape filter,
        Padding padding = default,
        int strideH = 1,
        int strideW = 1,
        int dilationH = 1,
        int dilationW = 1,
        int groups = 1,
        string? name = null) =>
        CreateFor(name is null ? "Conv2D" : $"Conv2D '{name}'", input, filter, padding, strideH, strideW, dilationH, dilationW, groups);

    /// <summary>The same convolution for another number of images.</summary>
    /// <param name="n">Images in the batch, at least 1.</param>
    /// <returns>The geometry.</returns>
    /// <exception cref="ShapeException"><paramref name="n"/> is below 1, or a tensor would have too many elements.</exception>
    public Conv2DGeometry WithBatch(int n)
    {
        _ = Shape.Nhwc(n, H, W, C);
        _ = Shape.Nhwc(n, OH, OW, OC);
        return new Conv2DGeometry(n, Rows, Columns, C, OC, Groups);
    }

    /// <summary>The same with fewer outputs than windows fit, as transposed convolutions of a large output padding have.</summary>
    internal Conv2DGeometry WithOutput(int oh, int ow) =>
        new(N, Rows with { Output = oh }, Columns with { Output = ow }, C, OC, Groups);

    /// <summary>
    /// The same convolution without the rows and columns at the ends of the filter that no output finds on the image: the same outputs from
    /// fewer taps.
    /// </summary>
    /// <param name="firstRow">The first row of the filter that stays.</param>
    /// <param name="firstColumn">The first column that stays.</param>
    internal Conv2DGeometry WithoutUnreachedTaps(out int firstRow, out int firstColumn) =>
        new(N, Rows.WithoutUnreachedTaps(out firstRow), Columns.WithoutUnreachedTaps(out firstColumn), C, OC, Groups);

    /// <summary>All sizes on one line, as error messages and benchmarks print them.</summary>
    public override string ToString() =>
        $"N{N} H{H} W{W} C{C}; filter {Filter}; stride {StrideH}×{StrideW}; dilation {DilationH}×{DilationW}; groups {Groups}; " +
        $"pad [{PadTop}, {PadLeft}, {PadBottom}, {PadRight}]; output H{OH} W{OW}";

    /// <summary>As <see cref="Create"/>, for a layer of any kind: <paramref name="who"/> starts the error sentences.</summary>
    internal static Conv2DGeometry CreateFor(string who, Shape input, FilterShape filter, Padding padding, int strideH, int strideW,
        int dilationH, int dilationW, int groups)
    {
        if (input.Rank != 4)
            throw new ShapeException($"{who}: input has shape {input}; expected four dimensions [N, H, W, C].");
        string sizes = $"(input N{input[0]} H{input[1]} W{input[2]} C{input[3]}; filter {filter}; stride {strideH}×{strideW}; " +
            $"dilation {dilationH}×{dilationW}; groups {groups}; padding {padding})";
        RequirePositive(who, sizes, ("filter height", filter.KH), ("filter width", filter.KW), ("filter input channels", filter.IC),
            ("filter output channels", filter.OC), ("stride height", strideH), ("stride width", strideW), ("dilation height", dilationH),
            ("dilation width", dilationW), ("groups", groups));
        int c = input[3];
        if (c % groups != 0 || filter.OC % groups != 0)
            throw new ShapeException(
                $"{who}: groups {groups} must divide the {c} input channels and the {filter.OC} output channels {sizes}.");
        if (c / groups != filter.IC)
            throw new ShapeException($"{who}: input has {c} channels, filter expects {(long)filter.IC * groups} {sizes}.");
        WindowAxis? rows = WindowAxis.Create(input[1], filter.KH, strideH, dilationH, padding.Mode, padding.Top, padding.Bottom);
        WindowAxis? columns = WindowAxis.Create(input[2], filter.KW, strideW, dilationW, padding.Mode, padding.Left, padding.Right);
        if (rows is null || columns is null)
            throw WindowAxis.Misfit(who, "filter", sizes, (input[1], filter.KH, dilationH), (input[2], filter.KW, dilationW), padding);
        _ = filter.ToShape();
        var geometry = new Conv2DGeometry(input[0], rows.Value, columns.Value, c, filter.OC, groups);
        _ = geometry.Output;
        return geometry;
    }

    internal static void RequirePositive(string who, string sizes, params ReadOnlySpan<(string Name, int Value)> values)
    {
        foreach ((string valueName, int value) in values)
        {
            if (value < 1)
                throw new ShapeException($"{who}: {valueName} is {value}; it must be at least 1 {sizes}.");
        }
    }
}
