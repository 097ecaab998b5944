using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>A filter that is packed some columns at a time is the same as one that is packed at once.</summary>
public sealed class FilterColumnsTests
{
    private static readonly ConvAlgorithm[] s_algorithms = [ConvAlgorithm.Direct, ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4];

    [Fact]
    public void Columns_in_any_order_make_the_filter()
    {
        foreach (Conv2DCase test in Conv2DCases.Of(SweepDepth.Full).Concat(Conv2DCases.Depthwise(SweepDepth.Full))
            .Concat(Conv2DCases.UnreachedTaps))
        {
            Conv2DGeometry g = test.Geometry;
            List<Conv2DOperator> operators = [];
            ConvolutionPass[] passes = [ConvolutionPass.Forward(g), ConvolutionPass.BackwardData(g)];
            foreach (ConvAlgorithm algorithm in s_algorithms)
            {
                foreach (ConvolutionPass pass in passes)
                    operators.Add(Conv2DOperator.Create(pass, algorithm: algorithm));
            }

            if (GemmKernels.Planar.FirstOrDefault(k => CpuInfo.IsSupported(k.Isa)) is { } planar)
            {
                foreach (ConvolutionPass pass in passes.Where(PlanarConvolution.Serves))
                    operators.Add(new Conv2DOperator(pass, new PlanarConvolution(pass, [planar], default)));
            }

            foreach (Conv2DOperator op in operators)
                Check(op, test.W(), $"{op.KernelName} {test}");
        }
    }

    [Fact]
    public void Columns_outside_of_the_filter_are_refused()
    {
        Conv2DGeometry g = Conv2DCases.Of(SweepDepth.Quick)[0].Geometry;
        var op = Conv2DOperator.Create(ConvolutionPass.Forward(g));
        var packed = new float[op.PackedFilterLength];
        int rows = g.KH * g.KW * g.GroupC;
        Assert.Throws<ShapeException>(() => op.PackColumns(new FilterColumns(new float[rows], 1, g.OC, 1), packed));
        Assert.Throws<ShapeException>(() => op.PackColumns(new FilterColumns(new float[rows], 1, -1, 1), packed));
        Assert.Throws<ShapeException>(() => op.PackColumns(new FilterColumns(new float[rows + 1], 1, 0, 1), packed));
    }

    private static void Check(Conv2DOperator op, float[] filter, string what)
    {
        int channels = op.Geometry.OC;
        int rows = filter.Length / channels;
        float[] expected = Nans(op.PackedFilterLength);
        op.PackFilter(filter, expected);
        foreach (int width in new[] { 1, 3, 16, (channels + 1) / 2 })
        {
            float[] lying = Nans(op.PackedFilterLength);
            float[] copied = Nans(op.PackedFilterLength);
            for (int first = (channels - 1) / width * width; first >= 0; first -= width)
            {
                int count = Math.Min(width, channels - first);
                op.PackColumns(new FilterColumns(filter.AsSpan(first), channels, first, count), lying);
                var copy = new float[rows * count];
                for (int row = 0; row < rows; row++)
                    filter.AsSpan((row * channels) + first, count).CopyTo(copy.AsSpan(row * count));
                op.PackColumns(new FilterColumns(copy, count, first, count), copied);
            }

            ConvolutionRuns.AssertSameBits(expected, lying, $"{what}, {width} columns at once");
            ConvolutionRuns.AssertSameBits(expected, copied, $"{what}, copies of {width} columns at once");
        }
    }

    private static float[] Nans(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }
}
