using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>How filters are transformed and packed: the bits of a scalar program on every tier, on any number of threads.</summary>
public sealed unsafe class FilterPackingTests
{
    private static readonly float[] s_special = [0, -0f, 1e-40f, -1e-41f, float.Epsilon, 3e38f, -3e38f, float.PositiveInfinity, float.NaN];

    private static readonly double[] s_form2 = [1, 0, 0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0, 0, 1];

    private static readonly double[] s_form4 =
    [
        1 / 4.0, 0, 0,
        -1 / 6.0, -1 / 6.0, -1 / 6.0,
        -1 / 6.0, 1 / 6.0, -1 / 6.0,
        1 / 24.0, 1 / 12.0, 1 / 6.0,
        1 / 24.0, -1 / 12.0, 1 / 6.0,
        0, 0, 1,
    ];

    [Fact]
    public void Transformed_filters_have_the_bits_of_a_scalar_program_on_every_tier()
    {
        int seed = 0;
        foreach (WinogradKernels set in WinogradKernels.All.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (WinogradTransforms form in new[] { set.Form2, set.Form4 })
            {
                foreach (int columns in new[] { 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 48, 50, 64 })
                {
                    foreach (int rows in new[] { 1, 3 })
                        CheckTransform(set, form, columns, rows, seed++);
                }
            }
        }
    }

    [Fact]
    public void Points_that_are_stored_past_the_caches_have_the_same_bits()
    {
        const int Columns = 48, Rows = 5;
        foreach (WinogradKernels set in WinogradKernels.All.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (WinogradTransforms form in new[] { set.Form2, set.Form4 })
            {
                float[] taps = Values(9 * Rows * Columns, 7);
                int points = form.Points * form.Points;
                var expected = new AlignedBuffer<float>(points * Rows * Columns);
                var streamed = new AlignedBuffer<float>(points * Rows * Columns);
                fixed (float* from = taps)
                {
                    var rows = new WinogradFilterRows
                    {
                        Taps = from,
                        TapStep = Rows * Columns,
                        TapRow = Columns,
                        Points = expected.Pointer,
                        PointStep = Rows * Columns,
                        PointRow = Columns,
                        Rows = Rows,
                        Columns = Columns,
                    };
                    form.FilterPoints(&rows);
                    rows.Points = streamed.Pointer;
                    rows.Streams = true;
                    form.FilterPoints(&rows);
                }

                Interlocked.MemoryBarrier();
                ConvolutionRuns.AssertSameBits(expected.Span.ToArray(), streamed.Span.ToArray(), $"{set.Isa}, {form.Points} points");
            }
        }
    }

    [Fact]
    public void Filters_packed_on_several_threads_without_denormal_numbers_are_those_packed_at_once_and_flushed()
    {
        Conv2DGeometry[] large =
        [
            Geometry(3, 61, 347, 1), Geometry(3, 350, 70, 1), Geometry(1, 701, 131, 1), Geometry(1, 130, 530, 1), Geometry(5, 48, 96, 2),
            Geometry(3, 256, 1024, 1),
        ];
        foreach (Conv2DGeometry g in Conv2DCases.Of(SweepDepth.Quick).Concat(Conv2DCases.Depthwise(SweepDepth.Quick))
            .Select(test => test.Geometry).Concat(large))
        {
            float[] filter = Values(g.KH * g.KW * g.GroupC * g.OC, g.OC);
            foreach (ConvolutionPass pass in new[] { ConvolutionPass.Forward(g), ConvolutionPass.BackwardData(g) })
            {
                foreach (IConvolutionEngine engine in Engines(pass))
                    CheckThreads(new Conv2DOperator(pass, engine), filter);
            }
        }
    }

    [Fact]
    public void Packing_on_one_thread_allocates_nothing()
    {
        Conv2DGeometry g = Geometry(3, 61, 347, 1);
        float[] filter = Values(9 * 61 * 347, 3);
        foreach (ConvolutionPass pass in new[] { ConvolutionPass.Forward(g), ConvolutionPass.BackwardData(g) })
        {
            foreach (IConvolutionEngine engine in Engines(pass))
            {
                var op = new Conv2DOperator(pass, engine);
                var packed = new float[op.PackedFilterLength];
                Assert.Equal(0, Allocations.Least(() => op.PackColumns(SerialScheduler.Instance,
                    new FilterColumns(filter, g.OC, 0, g.OC), packed, keepsDenormals: false)));
            }
        }
    }

    private static IEnumerable<IConvolutionEngine> Engines(ConvolutionPass pass)
    {
        foreach (IsaLevel isa in Enum.GetValues<IsaLevel>().Where(CpuInfo.IsSupported))
        {
            if (DepthwiseConvolution.Serves(pass.Geometry))
            {
                yield return ConvolutionEngines.Choose(pass, default, ConvAlgorithm.Auto, isa);
                continue;
            }

            yield return new DirectConvolution(pass, DirectConvolution.Plan(pass, isa), default);
            if (PlanarConvolution.Serves(pass))
                yield return new PlanarConvolution(pass, GemmKernels.Of(GemmKernels.Planar, isa), default);
            if (!WinogradMap.Serves(pass.Geometry))
                continue;
            foreach (ConvAlgorithm form in new[] { ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4 })
                yield return ConvolutionEngines.Choose(pass, default, form, isa);
        }
    }

    private static void CheckThreads(Conv2DOperator op, float[] filter)
    {
        int channels = op.Geometry.OC;
        float[] expected = Nans(op.PackedFilterLength);
        op.PackFilter(filter, expected);
        Denormals.Flush(expected);
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            IWorkScheduler scheduler = WorkScheduler.Create(threads);
            float[] packed = Nans(op.PackedFilterLength);
            op.PackColumns(scheduler, new FilterColumns(filter, channels, 0, channels), packed, keepsDenormals: false);
            ConvolutionRuns.AssertSameBits(expected, packed, $"{op.KernelName} at {threads} threads, {op.Geometry}");
        }
    }

    private static void CheckTransform(WinogradKernels set, WinogradTransforms form, int columns, int rows, int seed)
    {
        // Rows of taps and points have room between them, which nothing may write to.
        int points = form.Points * form.Points;
        int tapRow = columns + (seed % 3), pointRow = columns + (seed % 4);
        bool keeps = seed % 2 == 0, reversed = seed % 5 < 2;
        int tapStep = rows * tapRow, pointStep = rows * pointRow;
        using var taps = new GuardedBuffer<float>(Values((9 * tapStep) - (tapRow - columns), seed),
            seed % 2 == 0 ? GuardSide.After : GuardSide.Before);
        using var actual = new GuardedBuffer<float>((points * pointStep) - (pointRow - columns),
            seed % 3 == 0 ? GuardSide.Before : GuardSide.After);
        actual.Fill(float.NaN);
        float[] expected = actual.Span.ToArray();
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                Expect(form.Points, taps.Span, (row * tapRow) + column, tapStep, reversed, expected, (row * pointRow) + column, pointStep,
                    keeps);
        }

        var job = new WinogradFilterRows
        {
            Taps = taps.Pointer + (reversed ? 8 * tapStep : 0),
            TapStep = reversed ? -tapStep : tapStep,
            TapRow = tapRow,
            Points = actual.Pointer,
            PointStep = pointStep,
            PointRow = pointRow,
            Rows = rows,
            Columns = columns,
            KeepsDenormals = keeps,
        };
        form.FilterPoints(&job);
        string what = $"{set.Isa}, {form.Points} points, {columns} columns, {rows} rows, denormals {keeps}";
        Assert.True(actual.SlackIsIntact, what);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!float.IsNaN(expected[i]) || !float.IsNaN(actual.Span[i]))
                Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual.Span[i]),
                    $"{what}: {i} is {actual.Span[i]:R}, expected {expected[i]:R}");
        }
    }

    // GgGᵀ, every product and sum rounded to double, the result once more.
    private static void Expect(int points, ReadOnlySpan<float> taps, int tap, int tapStep, bool reversed, float[] to, int at, int pointStep,
        bool keeps)
    {
        double[] g = points == 4 ? s_form2 : s_form4;
        var sums = new double[points * 3];
        for (int i = 0; i < points; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double a = taps[tap + (Tap(j) * tapStep)], b = taps[tap + (Tap(3 + j) * tapStep)], c = taps[tap + (Tap(6 + j) * tapStep)];
                sums[(i * 3) + j] = (a * g[i * 3]) + (b * g[(i * 3) + 1]) + (c * g[(i * 3) + 2]);
            }
        }

        for (int i = 0; i < points; i++)
        {
            for (int j = 0; j < points; j++)
            {
                double sum = (sums[i * 3] * g[j * 3]) + (sums[(i * 3) + 1] * g[(j * 3) + 1]) + (sums[(i * 3) + 2] * g[(j * 3) + 2]);
                float point = (float)sum;
                to[at + (((i * points) + j) * pointStep)] = !keeps && float.IsSubnormal(point) ? MathF.CopySign(0, point) : point;
            }
        }

        int Tap(int t) => reversed ? 8 - t : t;
    }

    private static Conv2DGeometry Geometry(int window, int c, int oc, int groups) =>
        Conv2DGeometry.Create(Shape.Nhwc(2, 9, 8, c), new FilterShape(window, window, c / groups, oc), Padding.Same, groups: groups);

    private static float[] Values(int length, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            double x = random.NextDouble();
            values[i] = x < 0.05 ? s_special[i % s_special.Length] : (float)((x - 0.5) * (x > 0.9 ? 1e-38 : 1));
        }

        return values;
    }

    private static float[] Nans(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }
}
