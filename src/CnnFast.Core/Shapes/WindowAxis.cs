namespace CnnFast;

/// <summary>One axis (rows or columns) of a sliding window: the sizes that convolution and pooling share.</summary>
/// <param name="Input">Positions of the image along the axis.</param>
/// <param name="Window">Taps of the window.</param>
/// <param name="Stride">Positions between two outputs.</param>
/// <param name="Dilation">Positions between two taps.</param>
/// <param name="PadBefore">Padding above or left of the image.</param>
/// <param name="PadAfter">Padding below or right of the image.</param>
/// <param name="Output">Positions of the output.</param>
internal readonly record struct WindowAxis(int Input, int Window, int Stride, int Dilation, int PadBefore, int PadAfter, int Output)
{
    /// <summary>Positions that the dilated window spans.</summary>
    public int Span => ((Window - 1) * Dilation) + 1;

    /// <summary>
    /// Whether windows differ in size so that they cover the input: window o holds positions ⌊o·Input / Output⌋ to
    /// ⌈(o + 1)·Input / Output⌉ − 1. <see cref="Window"/> is the largest, <see cref="Stride"/> the least distance, but at least 1.
    /// </summary>
    public bool IsAdaptive { get; init; }

    /// <summary>The most positions of a padded image along one axis, so that sums of two of them fit an <see cref="int"/>.</summary>
    public const int MaxPadded = 1 << 30;

    /// <summary>Applies a padding rule to one axis; null when the padded image is smaller than the window or a size overflows.</summary>
    public static WindowAxis? Create(int input, int window, int stride, int dilation, PaddingMode mode, int padBefore, int padAfter)
    {
        long span = ((long)(window - 1) * dilation) + 1;
        long before = padBefore;
        long after = padAfter;
        if (mode == PaddingMode.Same)
        {
            long outputs = ((long)input + stride - 1) / stride;
            long total = Math.Max(((outputs - 1) * stride) + span - input, 0);
            before = total / 2;
            after = total - before;
        }

        long padded = before + input + after;
        if (span > padded || padded > MaxPadded)
            return null;
        return new WindowAxis(input, window, stride, dilation, (int)before, (int)after, (int)(((padded - span) / stride) + 1));
    }

    /// <summary>Windows that cover the input in a given number; ordinary ones where that divides the input.</summary>
    public static WindowAxis Adaptive(int input, int output)
    {
        int step = Math.Max(1, input / output);
        if (input % output == 0)
            return new WindowAxis(input, step, step, 1, 0, 0, output);
        int largest = 1;
        for (long o = 0; o < output; o++)
            largest = Math.Max(largest, (int)((((o + 1) * input) + output - 1) / output) - (int)(o * input / output));
        return new WindowAxis(input, largest, step, 1, 0, 0, output) { IsAdaptive = true };
    }

    /// <summary>
    /// The axis without the taps at either end of the window that find no output's pixel on the image, as in a 3×3 window on an image of
    /// one pixel; the axis itself where there are none, or no tap finds any.
    /// </summary>
    /// <param name="first">The first tap that stays.</param>
    public WindowAxis WithoutUnreachedTaps(out int first)
    {
        first = 0;
        int last = Window - 1;
        // The image begins with a window or behind the start of one, so that there is padding or none.
        while (first < last && !Reaches(first) && (first + 1) * (long)Dilation <= PadBefore)
            first++;
        while (last > first && !Reaches(last))
            last--;
        if ((first == 0 && last == Window - 1) || !Reaches(last))
        {
            first = 0;
            return this;
        }

        int before = PadBefore - (first * Dilation);
        long end = ((long)(Output - 1) * Stride) + ((long)(last - first) * Dilation) + 1 - before;
        return this with { Window = last - first + 1, PadBefore = before, PadAfter = (int)Math.Max(0, end - Input) };
    }

    /// <summary>Why <see cref="Create"/> gave null for the rows or the columns of a window.</summary>
    public static ShapeException Misfit(string who, string window, string sizes, (int Input, int Window, int Dilation) rows,
        (int Input, int Window, int Dilation) columns, in Padding padding)
    {
        long spanH = ((long)(rows.Window - 1) * rows.Dilation) + 1;
        long spanW = ((long)(columns.Window - 1) * columns.Dilation) + 1;
        long paddedH = (long)rows.Input + padding.Top + padding.Bottom;
        long paddedW = (long)columns.Input + padding.Left + padding.Right;
        bool tooLarge = Math.Max(paddedH, paddedW) > MaxPadded || padding.Mode == PaddingMode.Same;
        return new ShapeException(tooLarge
            ? $"{who}: the padded input is larger than {MaxPadded} pixels on one side {sizes}."
            : $"{who}: the dilated {window} spans {spanH}×{spanW} pixels, more than the {paddedH}×{paddedW} of the padded input {sizes}.");
    }

    // Whether some output's tap lies on the image.
    private bool Reaches(int tap)
    {
        long start = ((long)tap * Dilation) - PadBefore;
        long output = start >= 0 ? 0 : (-start + Stride - 1) / Stride;
        return output < Output && start + (output * Stride) < Input;
    }
}
