using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the kernels that change images on every tier against the reference, on guarded buffers: rows of all maps and edges, mixed
/// channels, blended images.
/// </summary>
public sealed unsafe class AugmentSweep : IKernelSweep
{
    private static readonly (int H, int W, int C)[] s_images =
    [
        (1, 1, 1), (1, 5, 1), (4, 1, 2), (3, 4, 3), (5, 7, 1), (6, 16, 1), (4, 17, 1), (7, 11, 3), (3, 9, 5), (9, 33, 4), (28, 28, 1),
    ];

    private static readonly AffineMap[] s_maps =
    [
        AffineMap.Identity, new(1, 0, 1.25, 0, 1, -0.5), new(-1, 0, 3, 0, -1, 4), new(0.8, 0.3, -1.5, -0.35, 0.9, 2.75),
        new(0.1, 0.01, 1, 0.02, 0.13, 0.5), new(3, -2, -7, 1, 4, -9), new(0, 0, 1e6, 0, 0, -1e6),
    ];

    private readonly IReadOnlyList<AugmentKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public AugmentSweep()
        : this(AugmentKernels.All)
    {
    }

    internal AugmentSweep(IReadOnlyList<AugmentKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Augment";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (AugmentKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach ((int h, int w, int c) in s_images)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Check(tally, set, operation, h, w, c);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Check(KernelTally tally, AugmentKernels set, string operation, int h, int w, int c)
    {
        float[] x = Array.ConvertAll(SeededData.Uniform(h * w * c, h + w + c), value => (value * 100) + 100);
        string name = $"{h}×{w}×{c}";
        switch (operation)
        {
            case "SampleRow":
                foreach (AffineMap map in s_maps)
                {
                    foreach (ReferenceImageEdge edge in Enum.GetValues<ReferenceImageEdge>())
                        Sample(tally, set, $"{name}, {edge}, {map}", x, (h, w, c), map, edge);
                }

                break;
            case "MixChannels":
                Mix(tally, set, name, x, (h, w, c));
                break;
            case "Blend":
                float[] other = SeededData.Uniform(x.Length, 5);
                using (var a = new GuardedBuffer<float>(x, GuardSide.After))
                using (var b = new GuardedBuffer<float>(other, GuardSide.After))
                {
                    double[] expected = [.. x.Zip(other, (p, q) => p + (0.3f * ((double)q - p)))];
                    set.Blend(a.Pointer, b.Pointer, 0.3f, a.Pointer, x.Length);
                    Add(tally, name, a, expected, [.. x.Zip(other, (p, q) => Math.Abs(p) + Math.Abs(q))], 4);
                }

                break;
            default:
                throw new InvalidOperationException($"The augmentation sweep does not know the operation {operation}.");
        }
    }

    private static void Sample(KernelTally tally, AugmentKernels set, string name, float[] x, (int H, int W, int C) size, AffineMap map,
        ReferenceImageEdge edge)
    {
        (int h, int w, int c) = size;
        const int Border = SampledRow.Border;
        const float Outside = 7;
        int pitch = (w + (2 * Border)) * c;
        var bordered = new float[(h + (2 * Border)) * pitch];
        Array.Fill(bordered, Outside);
        for (int i = 0; i < h; i++)
            x.AsSpan(i * w * c, w * c).CopyTo(bordered.AsSpan(((i + Border) * pitch) + (Border * c)));
        GuardSide side = w % 2 == 0 ? GuardSide.After : GuardSide.Before;
        using var image = new GuardedBuffer<float>(bordered, side);
        using var pixels = new GuardedBuffer<float>([.. Enumerable.Range(0, w * c).Select(e => (float)(e / c))], side);
        using var offsets = new GuardedBuffer<int>([.. Enumerable.Range(0, w * c).Select(e => e % c)], side);
        using var y = new GuardedBuffer<float>(w * c, side);
        float low = edge == ReferenceImageEdge.Constant ? -1 : 0;
        for (int i = 0; i < h; i++)
        {
            SampledRow row = new()
            {
                Image = image.Pointer + (Border * pitch) + (Border * c),
                Pitch = pitch,
                Channels = c,
                Pixels = pixels.Pointer,
                Offsets = offsets.Pointer,
                Row = (float)((map.RowI * i) + map.Row),
                RowStep = (float)map.RowJ,
                Column = (float)((map.ColumnI * i) + map.Column),
                ColumnStep = (float)map.ColumnJ,
                Lowest = low,
                HighestRow = h - 1 - low,
                HighestColumn = w - 1 - low,
                Reflects = edge == ReferenceImageEdge.Reflect,
            };
            double[] expected = new double[w * c], magnitudes = new double[w * c], source = SeededData.ToDouble(x);
            for (int j = 0; j < w; j++)
            {
                double down = row.Row + ((double)row.RowStep * j), right = row.Column + ((double)row.ColumnStep * j);
                ReferenceAugmentation.Sample(h, w, c, source, down, right, edge, Outside, expected.AsSpan(j * c, c));

                // A place is rounded three times; values change by at most 400 from a pixel to the next.
                Array.Fill(magnitudes, 400 + (400 * (Math.Abs(row.Row) + Math.Abs(row.RowStep * j) + Math.Abs(row.Column) +
                    Math.Abs(row.ColumnStep * j) + h + w)), j * c, c);
            }

            y.Fill(float.NaN);
            set.SampleRow(&row, y.Pointer, w * c);
            Add(tally, $"{name}, row {i}", y, expected, magnitudes, 4);
        }
    }

    private static void Mix(KernelTally tally, AugmentKernels set, string name, float[] x, (int H, int W, int C) size)
    {
        (int h, int w, int c) = size;
        int taps = (2 * c) - 1;
        ImageOperator op = ImageOperator.Create(new Shape(h, w, c), set);
        float[] matrix = SeededData.Uniform(c * c, 3), shift = SeededData.Uniform(c, 4);
        var packed = new float[(taps + 1) * w * c];
        op.PackChannels(matrix, shift, packed);
        using var weights = new GuardedBuffer<float>(packed, GuardSide.After);
        using var source = new GuardedBuffer<float>([.. new float[c - 1], .. x, .. new float[c - 1]], GuardSide.After);
        using var y = new GuardedBuffer<float>(x.Length, GuardSide.After);
        y.Fill(float.NaN);
        set.MixChannels(source.Pointer + c - 1, weights.Pointer, taps, weights.Pointer + (taps * w * c), -50, 120, y.Pointer, h, w * c);
        double[] expected = new double[x.Length], magnitudes = new double[x.Length];
        ReferenceAugmentation.MixChannels(h * w, c, SeededData.ToDouble(x), SeededData.ToDouble(matrix), SeededData.ToDouble(shift), -50,
            120, expected);
        ReferenceAugmentation.MixChannels(h * w, c, SeededData.ToMagnitude(x), SeededData.ToMagnitude(matrix),
            SeededData.ToMagnitude(shift), 0, double.MaxValue, magnitudes);
        Add(tally, name, y, expected, magnitudes, taps + 1);
    }

    private static void Add(KernelTally tally, string name, GuardedBuffer<float> y, double[] values, double[] magnitudes, long terms)
    {
        if (y.SlackIsIntact)
            tally.Add(name, ErrorBound.Measure(y.Span, values, magnitudes, terms));
        else
            tally.Fail(name, "wrote outside its output");
    }
}
