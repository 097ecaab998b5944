namespace CnnFast.Testing;

/// <summary>
/// The convolutions that kernels, operators and gradients are tested on: awkward sizes, each of at most about 2 million multiply-adds.
/// </summary>
public static class Conv2DCases
{
    private const long MaxMultiplyAdds = 2_000_000;
    private const long MaxRandomMultiplyAdds = 250_000;

    private static readonly int[] Sizes = [1, 2, 3, 7, 8, 9, 13, 15, 16, 17, 31];

    /// <summary>The chosen cases and a few random ones: for checks that run on every build of every tier.</summary>
    public static IReadOnlyList<Conv2DCase> Quick { get; } = Number([.. Chosen(), .. Random(12, seed: 1)]);

    /// <summary>
    /// All cases: the chosen ones, every size along each dimension, every pairing of stride, dilation and padding, and random ones.
    /// </summary>
    public static IReadOnlyList<Conv2DCase> Sweep { get; } =
        Number([.. Chosen(), .. ChannelSizes(), .. ImageSizes(), .. Windows(), .. Random(120, seed: 1), .. SixChannels()]);

    /// <summary>The depthwise cases of a depth: every channel a group, one to several outputs a channel.</summary>
    /// <param name="depth">How many.</param>
    /// <returns>The cases.</returns>
    public static IReadOnlyList<Conv2DCase> Depthwise(SweepDepth depth) => depth == SweepDepth.Quick ? DepthwiseQuick : DepthwiseSweep;

    /// <summary>
    /// The cases that Winograd's algorithms serve: those of <see cref="Sweep"/>, and sizes around their tiles and blocks.
    /// </summary>
    public static IReadOnlyList<Conv2DCase> Winograd { get; } = Number(
        [.. Sweep.Select(c => c.Geometry).Where(Operators.WinogradMap.Serves), .. WinogradSizes()]);

    /// <summary>Fewer outputs than windows fit, as transposed convolutions with a large output padding have.</summary>
    public static IReadOnlyList<Conv2DCase> FewerOutputs { get; } = Number(
    [
        Conv(2, 9, 12, 4, 17, 2, 3, Padding.Explicit(0, 2, 1, 0), 1, 2, 3, 4).WithOutput(4, 4),
        Conv(1, 8, 11, 3, 2, 3, 2, Padding.Valid, 1, 1, 2, 3).WithOutput(3, 6),
        Conv(2, 7, 6, 9, 18, 2, 2, Padding.Explicit(1), 1, 1, 3, 3, groups: 3).WithOutput(4, 3),
    ]);

    /// <summary>Rows, columns or both of the filter that no output finds on the image.</summary>
    public static IReadOnlyList<Conv2DCase> UnreachedTaps { get; } = Number(
    [
        Conv(5, 1, 1, 37, 35, 3, 3, Padding.Explicit(1)),
        Conv(3, 2, 2, 17, 33, 3, 3, Padding.Explicit(1), 2, 2),
        Conv(2, 6, 1, 18, 9, 3, 5, Padding.Same, groups: 3),
        Conv(2, 1, 7, 9, 17, 5, 3, Padding.Explicit(2, 1, 3, 1), 1, 2),
        Conv(1, 5, 4, 8, 9, 3, 3, Padding.Same, 1, 1, 6, 5),
        Conv(2, 2, 9, 3, 8, 3, 3, Padding.Explicit(2, 0, 3, 0), 1, 1, 3, 1),
        Conv(2, 1, 1, 3, 8, 3, 3, Padding.Same),
        Conv(1, 1, 2, 2, 7, 2, 3, Padding.Explicit(3, 4, 2, 5), 2, 3, 2, 1),
        Conv(2, 1, 1, 16, 32, 3, 3, Padding.Explicit(1), groups: 2),
    ]);

    /// <summary>The cases of a depth.</summary>
    /// <param name="depth">How many.</param>
    /// <returns>The cases.</returns>
    public static IReadOnlyList<Conv2DCase> Of(SweepDepth depth) => depth == SweepDepth.Quick ? Quick : Sweep;

    private static IReadOnlyList<Conv2DCase> DepthwiseQuick { get; } = Number([.. DepthwiseChosen()]);

    private static IReadOnlyList<Conv2DCase> DepthwiseSweep { get; } = Number([.. DepthwiseChosen(), .. DepthwiseChannels(),
        .. DepthwiseWindows(), .. DepthwiseImages()]);

    private static List<Conv2DGeometry> WinogradSizes() =>
    [
        Conv(2, 3, 3, 2, 3, 3, 3),
        Conv(1, 5, 6, 17, 9, 3, 3),
        Conv(1, 8, 8, 32, 40, 3, 3, Padding.Same),
        Conv(3, 6, 10, 15, 31, 3, 3, Padding.Explicit(3, 0, 1, 2)),
        Conv(1, 4, 3, 16, 16, 3, 3, Padding.Explicit(4, 5, 5, 3)),
        Conv(1, 7, 9, 33, 5, 3, 3, Padding.Explicit(0, 2, 2, 0)),
        // A reduction past one block, and tiles past one block of them.
        Conv(1, 4, 4, 530, 17, 3, 3, Padding.Same),
        Conv(2, 41, 39, 5, 7, 3, 3, Padding.Same),
        Conv(9, 14, 13, 8, 8, 3, 3, Padding.Same),
    ];

    private static List<Conv2DGeometry> Chosen() =>
    [
        // The smallest of all, and a lone tap that reads everything.
        Conv(1, 1, 1, 1, 1, 1, 1),
        Conv(2, 3, 5, 3, 7, 1, 1),
        // Dense layers: one pixel, a row for each image.
        Conv(1, 1, 1, 31, 10, 1, 1),
        Conv(5, 1, 1, 17, 9, 1, 1),
        Conv(13, 1, 1, 64, 33, 1, 1),
        // Usual layers, with H ≠ W.
        Conv(2, 9, 7, 3, 16, 3, 3, Padding.Same),
        Conv(1, 14, 13, 6, 16, 5, 5),
        Conv(1, 13, 15, 8, 16, 3, 3, Padding.Same),
        Conv(3, 7, 9, 16, 17, 3, 3, Padding.Same),
        // Filters that are not square, either way.
        Conv(2, 8, 5, 3, 8, 1, 4),
        Conv(2, 5, 8, 3, 8, 4, 1, Padding.Same),
        Conv(1, 9, 11, 2, 15, 2, 5, Padding.Explicit(1, 0, 0, 3)),
        // Strides that leave pixels over, that skip whole pixels, and that differ by axis.
        Conv(2, 10, 9, 4, 9, 3, 3, Padding.Same, 2, 2),
        Conv(1, 11, 8, 3, 7, 3, 2, Padding.Explicit(2, 1, 0, 1), 2, 3),
        Conv(2, 7, 10, 5, 8, 1, 1, Padding.Valid, 3, 2),
        Conv(1, 8, 8, 3, 13, 2, 2, Padding.Explicit(1), 3, 3),
        // Dilation, with and without stride.
        Conv(1, 11, 9, 3, 8, 3, 3, Padding.Same, 1, 1, 2, 3),
        Conv(2, 9, 12, 4, 17, 2, 3, Padding.Explicit(0, 2, 1, 0), 2, 1, 3, 2),
        // Groups, depthwise, depthwise with two outputs a channel.
        Conv(2, 6, 7, 6, 9, 3, 2, Padding.Same, groups: 3),
        Conv(1, 7, 6, 16, 32, 3, 3, Padding.Valid, 2, 1, groups: 2),
        Conv(2, 7, 9, 17, 17, 3, 3, Padding.Same, groups: 17),
        Conv(1, 9, 8, 9, 18, 3, 5, Padding.Same, 2, 2, groups: 9),
        Conv(1, 8, 9, 4, 20, 3, 3, Padding.Explicit(1, 0, 2, 1), 1, 2, 1, 2, groups: 4),
        // More padding than image: taps, and whole outputs, that read no pixel.
        Conv(2, 1, 1, 3, 8, 3, 3, Padding.Same),
        Conv(1, 2, 3, 5, 9, 5, 4, Padding.Explicit(4, 3, 4, 5)),
        Conv(1, 1, 2, 2, 7, 2, 3, Padding.Explicit(3, 4, 2, 5), 2, 3, 2, 1),
        // Long sums and wide outputs, past the usual cache blocks.
        Conv(1, 3, 3, 300, 20, 1, 1),
        Conv(1, 4, 5, 130, 40, 3, 3, Padding.Same),
        Conv(1, 2, 7, 31, 300, 1, 2),
        Conv(1, 37, 41, 2, 16, 3, 3, Padding.Same),
    ];

    // Six output channels with pixels in lanes, on rows that begin and end on as much padding, on more of it or on none.
    private static List<Conv2DGeometry> SixChannels() =>
    [
        Conv(2, 9, 28, 1, 6, 5, 5, Padding.Same),
        Conv(1, 8, 19, 3, 6, 3, 4, Padding.Explicit(1, 0, 3, 1)),
        Conv(1, 7, 21, 2, 6, 2, 3, Padding.Explicit(0, 1, 0, 2)),
    ];

    private static IEnumerable<Conv2DGeometry> ChannelSizes()
    {
        for (int i = 0; i < Sizes.Length; i++)
        {
            yield return Conv(1, 5, 4, Sizes[i], Sizes[(i * 3) % Sizes.Length], 3, 2, Padding.Same);
            yield return Conv(2, 4, 5, Sizes[(i * 7) % Sizes.Length], Sizes[i], 2, 3);
            yield return Conv(1, 3, 7, Sizes[i], Sizes[Sizes.Length - 1 - i], 1, 1);
            yield return Conv(2, 5, 6, Sizes[i], Sizes[i], 3, 3, Padding.Same, groups: Sizes[i]);
        }
    }

    private static IEnumerable<Conv2DGeometry> ImageSizes()
    {
        for (int i = 0; i < Sizes.Length; i++)
        {
            int size = Sizes[i];
            int other = Sizes[(i + 4) % Sizes.Length];
            yield return Conv(1, 1, size, 3, 16, 1, 3, Padding.Same);
            yield return Conv(1, size, 1, 3, 16, 3, 1, Padding.Same);
            yield return Conv(1, size, other, 2, 9, 2, 3, Padding.Same);
            yield return Conv(size, 2, 3, 4, 8, 2, 2);
            yield return Conv(1, size, other, 3, 17, 3, 5, Padding.Explicit(2, 3, 1, 4), 2, 3);
        }
    }

    private static IEnumerable<Conv2DGeometry> Windows()
    {
        Padding[] paddings = [Padding.Valid, Padding.Same, Padding.Explicit(0, 2, 1, 3)];
        for (int stride = 1; stride <= 3; stride++)
            for (int dilation = 1; dilation <= 2; dilation++)
                for (int groups = 1; groups <= 2; groups++)
                    foreach (Padding padding in paddings)
                    {
                        yield return Conv(2, 11, 9, 6, 10, 3, 2, padding, stride, (stride % 3) + 1, dilation, 3 - dilation, groups);
                        yield return Conv(1, 8, 13, 4, 18, 2, 4, padding, (stride % 3) + 1, stride, 3 - dilation, dilation, groups);
                    }
    }

    private static IEnumerable<Conv2DGeometry> DepthwiseChosen() =>
    [
        // The usual ones: read in place and through a slab, interior and border.
        Depthwise(2, 9, 11, 32, 1, 3, 3, Padding.Same),
        Depthwise(1, 14, 13, 144, 1, 3, 3, Padding.Same),
        Depthwise(1, 13, 17, 48, 1, 3, 3, Padding.Same, 2, 2),
        Depthwise(1, 9, 12, 17, 1, 5, 5, Padding.Same),
        Depthwise(1, 11, 10, 16, 1, 5, 5, Padding.Same, 2, 2),
        Depthwise(1, 12, 9, 33, 1, 7, 7, Padding.Same),
        Depthwise(2, 7, 7, 64, 1, 7, 7, Padding.Same),
        Depthwise(1, 15, 8, 8, 1, 7, 7, Padding.Same, 2, 2),
        // No padding, wide rows, one column.
        Depthwise(1, 5, 41, 16, 1, 3, 3),
        Depthwise(1, 12, 3, 32, 1, 3, 3),
        // Several outputs a channel.
        Depthwise(2, 7, 9, 17, 2, 3, 3, Padding.Same),
        Depthwise(1, 8, 7, 7, 3, 3, 5, Padding.Same, 2, 1),
        Depthwise(1, 6, 5, 3, 20, 3, 3, Padding.Same),
        Depthwise(1, 9, 9, 16, 2, 5, 5, Padding.Explicit(1, 0, 2, 3), 2, 2),
        // One pixel, more padding than image, windows that leave rows or pixels unread.
        Depthwise(3, 1, 1, 33, 1, 3, 3, Padding.Same),
        Depthwise(1, 1, 1, 16, 2, 1, 1),
        Depthwise(1, 2, 3, 16, 1, 5, 4, Padding.Explicit(4, 3, 4, 5)),
        Depthwise(1, 1, 2, 8, 3, 2, 3, Padding.Explicit(3, 4, 2, 5), 2, 3, 2, 1),
        Depthwise(2, 7, 10, 16, 1, 1, 1, Padding.Valid, 3, 2),
        Depthwise(1, 8, 8, 7, 1, 2, 2, Padding.Explicit(1), 3, 3),
        // Dilation, with and without stride; dilation equal to the stride.
        Depthwise(1, 11, 9, 16, 1, 3, 3, Padding.Same, 1, 1, 2, 3),
        Depthwise(2, 9, 12, 17, 1, 2, 3, Padding.Explicit(0, 2, 1, 0), 2, 1, 3, 2),
        Depthwise(1, 12, 15, 8, 1, 3, 3, Padding.Same, 2, 2, 2, 2),
        // Fewer outputs than windows fit.
        Depthwise(2, 9, 12, 17, 1, 3, 3, Padding.Explicit(0, 2, 1, 0), 1, 1, 2, 3).WithOutput(5, 6),
        Depthwise(1, 8, 9, 8, 2, 2, 2, Padding.Valid, 1, 2, 3, 3).WithOutput(3, 2),
        // Filters of four, nine and a single row or column of taps.
        Depthwise(1, 12, 13, 8, 1, 4, 4, Padding.Same),
        Depthwise(1, 11, 12, 16, 1, 9, 9, Padding.Same),
        Depthwise(1, 6, 19, 16, 1, 1, 7, Padding.Same),
        Depthwise(1, 19, 6, 16, 1, 7, 1, Padding.Same),
    ];

    private static IEnumerable<Conv2DGeometry> DepthwiseChannels()
    {
        int[] channels = [2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 144];
        foreach (int c in channels)
        {
            for (int multiplier = 1; multiplier <= 3; multiplier++)
            {
                yield return Depthwise(1, 7, 9, c, multiplier, 3, 3, Padding.Same);
                yield return Depthwise(2, 6, 5, c, multiplier, 3, 2, Padding.Explicit(1, 0, 0, 1), 2, 2);
            }
        }
    }

    private static IEnumerable<Conv2DGeometry> DepthwiseWindows()
    {
        Padding[] paddings = [Padding.Valid, Padding.Same, Padding.Explicit(0, 2, 1, 3)];
        int[] sizes = [1, 2, 3, 4, 5, 7];
        foreach (int size in sizes)
            for (int stride = 1; stride <= 3; stride++)
                for (int dilation = 1; dilation <= 2; dilation++)
                    foreach (Padding padding in paddings)
                    {
                        yield return Depthwise(1, 14, 15, 16, 1, size, (size % 4) + 1, padding, stride, (stride % 3) + 1, dilation,
                            3 - dilation);
                        yield return Depthwise(2, 13, 13, 9, 1, 3, size, padding, (stride % 3) + 1, stride, 3 - dilation, dilation);
                    }
    }

    private static IEnumerable<Conv2DGeometry> DepthwiseImages()
    {
        for (int width = 1; width <= 26; width++)
        {
            yield return Depthwise(1, 4, width, 16, 1, 3, 3, Padding.Same);
            yield return Depthwise(1, width, 5, 8, 1, 5, 3, Padding.Same, 1, 2);
        }

        // Bands of several images, and of one.
        yield return Depthwise(9, 21, 6, 24, 1, 3, 3, Padding.Same);
        yield return Depthwise(1, 57, 7, 32, 1, 5, 3, Padding.Same, 2, 1);
        yield return Depthwise(2, 31, 5, 16, 2, 3, 3, Padding.Same, 2, 2);
    }

    private static IEnumerable<Conv2DGeometry> Random(int count, int seed)
    {
        int[] draws = SeededData.Integers(count * 400, 1 << 20, seed);
        int next = 0;
        int Draw(int from, int to) => from + (draws[next++ % draws.Length] % (to - from + 1));

        for (int found = 0; found < count;)
        {
            int groups = Draw(0, 3) == 0 ? Draw(2, 4) : 1;
            int kh = Draw(1, 5), kw = Draw(1, 5), dilationH = Draw(1, 3), dilationW = Draw(1, 3);
            int spanH = ((kh - 1) * dilationH) + 1, spanW = ((kw - 1) * dilationW) + 1;
            var padding = Draw(0, 2) switch
            {
                0 => Padding.Valid,
                1 => Padding.Same,
                _ => Padding.Explicit(Draw(0, spanH), Draw(0, spanW), Draw(0, spanH), Draw(0, spanW)),
            };
            int h = spanH + Draw(0, 9), w = spanW + Draw(0, 9);
            Conv2DGeometry g = Conv(Draw(1, 3), h, w, groups * Draw(1, 12), groups * Draw(1, 20), kh, kw, padding, Draw(1, 3), Draw(1, 3),
                dilationH, dilationW, groups);
            if (g.MultiplyAdds > MaxRandomMultiplyAdds)
                continue;
            found++;
            yield return g;
        }
    }

    private static Conv2DGeometry Conv(int n, int h, int w, int c, int oc, int kh, int kw, Padding padding = default, int strideH = 1,
        int strideW = 1, int dilationH = 1, int dilationW = 1, int groups = 1) =>
        Conv2DGeometry.Create(Shape.Nhwc(n, h, w, c), new FilterShape(kh, kw, c / groups, oc), padding, strideH, strideW, dilationH,
            dilationW, groups);

    private static Conv2DGeometry Depthwise(int n, int h, int w, int c, int multiplier, int kh, int kw, Padding padding = default,
        int strideH = 1, int strideW = 1, int dilationH = 1, int dilationW = 1) =>
        Conv(n, h, w, c, c * multiplier, kh, kw, padding, strideH, strideW, dilationH, dilationW, c);

    private static Conv2DCase[] Number(List<Conv2DGeometry> geometries)
    {
        var cases = new Conv2DCase[geometries.Count];
        for (int i = 0; i < cases.Length; i++)
        {
            if (geometries[i].MultiplyAdds > MaxMultiplyAdds)
                throw new InvalidOperationException($"Case {i} has {geometries[i].MultiplyAdds} multiply-adds; the reference is slow, " +
                    $"keep cases below {MaxMultiplyAdds} ({geometries[i]}).");
            cases[i] = new Conv2DCase(geometries[i], i + 1);
        }

        return cases;
    }
}
