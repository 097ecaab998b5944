namespace CnnFast.Testing;

/// <summary>The poolings that kernels, operators and gradients are tested on: awkward sizes, small enough for the reference.</summary>
public static class Pool2DCases
{
    private static readonly int[] Sizes = [1, 2, 3, 7, 8, 9, 13, 15, 16, 17, 31];

    /// <summary>The chosen cases and a few random ones: for checks that run on every build of every tier.</summary>
    public static IReadOnlyList<Pool2DCase> Quick { get; } = Number([.. Chosen(), .. Random(8, seed: 2)]);

    /// <summary>
    /// All cases: the chosen ones, every size along each dimension, every pairing of stride, dilation and padding, and random ones.
    /// </summary>
    public static IReadOnlyList<Pool2DCase> Sweep { get; } = Number([.. Chosen(), .. TensorSizes(), .. Windows(), .. Random(80, seed: 2)]);

    /// <summary>Windows that differ so that they cover the image: fewer and more than pixels, several bands.</summary>
    public static IReadOnlyList<Pool2DCase> Adaptive { get; } = Number(
    [
        Pool2DGeometry.Adaptive(Shape.Nhwc(2, 7, 5, 9), 3, 2),
        Pool2DGeometry.Adaptive(Shape.Nhwc(1, 3, 8, 17), 7, 3),
        Pool2DGeometry.Adaptive(Shape.Nhwc(2, 6, 2, 4), 3, 5),
        Pool2DGeometry.Adaptive(Shape.Nhwc(1, 37, 16, 70), 10, 5),
        Pool2DGeometry.Adaptive(Shape.Nhwc(1, 50, 20, 33), 64, 7),
    ]);

    /// <summary>The cases of a depth.</summary>
    /// <param name="depth">How many.</param>
    /// <returns>The cases.</returns>
    public static IReadOnlyList<Pool2DCase> Of(SweepDepth depth) => depth == SweepDepth.Quick ? Quick : Sweep;

    private static List<Pool2DGeometry> Chosen() =>
    [
        // The smallest of all, and windows of one pixel.
        Pool(1, 1, 1, 1, 1, 1, 1, 1),
        Pool(2, 3, 4, 5, 1, 1, 2, 3),
        // Usual layers, with H ≠ W, and sizes that leave pixels over.
        Pool(2, 8, 6, 4, 2, 2, 2, 2),
        Pool(1, 9, 7, 16, 2, 2, 2, 2),
        Pool(1, 14, 13, 17, 3, 3, 2, 2, Padding.Same),
        Pool(2, 7, 9, 8, 3, 3, 1, 1, Padding.Same),
        // Windows that are not square, strides that differ, overlap and gaps.
        Pool(1, 8, 11, 9, 2, 5, 3, 1),
        Pool(2, 11, 8, 3, 4, 1, 1, 3, Padding.Same),
        Pool(1, 10, 9, 15, 2, 3, 3, 4),
        // Asymmetric padding.
        Pool(2, 5, 7, 13, 3, 2, 2, 1, Padding.Explicit(2, 0, 1, 1)),
        Pool(1, 3, 4, 31, 4, 5, 1, 2, Padding.Explicit(1, 3, 2, 4)),
        // Dilation.
        Pool(1, 9, 12, 7, 3, 2, 1, 2, Padding.Valid, 2, 3),
        Pool(2, 10, 8, 2, 2, 3, 2, 1, Padding.Same, 3, 2),
        // One pixel under a padded window.
        Pool(3, 1, 1, 9, 3, 3, 1, 1, Padding.Same),
        // Several bands of input rows in the backward pass: windows that overlap, that are dilated, that leave gaps, that tile the image.
        Pool(1, 37, 16, 70, 3, 3, 2, 2, Padding.Same),
        Pool(1, 29, 40, 33, 3, 2, 1, 1, Padding.Explicit(1, 0, 2, 1), 2, 1),
        Pool(1, 40, 9, 130, 2, 3, 3, 2),
        Pool(2, 34, 20, 100, 2, 2, 2, 2),
        // Whole images.
        Pool2DGeometry.Global(Shape.Nhwc(2, 7, 5, 17)),
        Pool2DGeometry.Global(Shape.Nhwc(1, 1, 31, 8)),
    ];

    private static IEnumerable<Pool2DGeometry> TensorSizes()
    {
        for (int i = 0; i < Sizes.Length; i++)
        {
            int size = Sizes[i];
            int other = Sizes[(i + 4) % Sizes.Length];
            yield return Pool(1, 4, 6, size, 2, 2, 2, 2);
            yield return Pool(2, 5, 3, size, 3, 2, 1, 2, Padding.Same);
            yield return Pool(1, size, other, 5, 3, 3, 2, 3, Padding.Same);
            yield return Pool(1, other, size, 8, 1, 2, 1, 1, Padding.Explicit(0, 1, 0, 1));
            yield return Pool(size, 3, 4, 3, 2, 3, 1, 1);
            yield return Pool2DGeometry.Global(Shape.Nhwc(2, size, other, 9));
        }
    }

    private static IEnumerable<Pool2DGeometry> Windows()
    {
        Padding[] paddings = [Padding.Valid, Padding.Same, Padding.Explicit(0, 2, 1, 1)];
        for (int stride = 1; stride <= 3; stride++)
            for (int dilation = 1; dilation <= 2; dilation++)
                foreach (Padding padding in paddings)
                {
                    yield return Pool(2, 11, 9, 10, 3, 3, stride, (stride % 3) + 1, padding, dilation, 3 - dilation);
                    yield return Pool(1, 8, 13, 18, 2, 4, (stride % 3) + 1, stride, padding, 3 - dilation, dilation);
                }
    }

    private static IEnumerable<Pool2DGeometry> Random(int count, int seed)
    {
        int[] draws = SeededData.Integers(count * 40, 1 << 20, seed);
        int next = 0;
        int Draw(int from, int to) => from + (draws[next++ % draws.Length] % (to - from + 1));

        for (int found = 0; found < count; found++)
        {
            int kh = Draw(1, 4), kw = Draw(1, 4), dilationH = Draw(1, 2), dilationW = Draw(1, 2);
            int spanH = ((kh - 1) * dilationH) + 1, spanW = ((kw - 1) * dilationW) + 1;
            // Padding below the first tap's reach into a span-sized image keeps a pixel in every window.
            Padding padding = Draw(0, 2) switch
            {
                0 => Padding.Valid,
                1 => Padding.Same,
                _ => Padding.Explicit(Draw(0, spanH - 1), Draw(0, spanW - 1), Draw(0, spanH - 1), Draw(0, spanW - 1)),
            };
            int h = spanH + Draw(0, 12), w = spanW + Draw(0, 12);
            yield return Pool(Draw(1, 3), h, w, Draw(1, 40), kh, kw, Draw(1, 3), Draw(1, 3), padding, dilationH, dilationW);
        }
    }

    private static Pool2DGeometry Pool(int n, int h, int w, int c, int kh, int kw, int strideH, int strideW, Padding padding = default,
        int dilationH = 1, int dilationW = 1) =>
        Pool2DGeometry.Create(Shape.Nhwc(n, h, w, c), kh, kw, strideH, strideW, padding, dilationH, dilationW);

    private static Pool2DCase[] Number(List<Pool2DGeometry> geometries)
    {
        var cases = new Pool2DCase[geometries.Count];
        for (int i = 0; i < cases.Length; i++)
            cases[i] = new Pool2DCase(geometries[i], i + 1);
        return cases;
    }
}
