using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Changes of whole images: composed maps, labels, in place, without allocations.</summary>
public sealed class ImageOperatorTests
{
    private static readonly AffineMap s_turn = new(0.9, 0.4, -1.5, -0.4, 0.9, 2.25);
    private static readonly AffineMap s_flip = new(1, 0, 0, 0, -1, 8);

    [Fact]
    public void Composed_maps_are_one_after_the_other()
    {
        AffineMap both = s_turn.Then(s_flip);
        foreach ((double i, double j) in new[] { (0.0, 0.0), (3, 1), (2.5, 7.25) })
        {
            (double i1, double j1) = Apply(s_flip, i, j);
            (double i2, double j2) = Apply(s_turn, i1, j1);
            (double i3, double j3) = Apply(both, i, j);
            Assert.Equal(i2, i3, 1e-12);
            Assert.Equal(j2, j3, 1e-12);
        }

        static (double Row, double Column) Apply(AffineMap map, double i, double j) =>
            ((map.RowI * i) + (map.RowJ * j) + map.Row, (map.ColumnI * i) + (map.ColumnJ * j) + map.Column);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_image_and_its_labels_go_the_same_way_on_every_tier(int c)
    {
        const int H = 7, W = 9;
        float[] x = Array.ConvertAll(SeededData.Uniform(H * W * c, 1), value => 100 * value);
        foreach (AugmentKernels kernels in AugmentKernels.All.Where(set => CpuInfo.IsSupported(set.Isa)))
        {
            ImageOperator op = ImageOperator.Create(new Shape(H, W, c), kernels);
            foreach ((ImageEdge edge, ReferenceImageEdge other) in new[]
            {
                (ImageEdge.Constant, ReferenceImageEdge.Constant), (ImageEdge.Edge, ReferenceImageEdge.Edge),
                (ImageEdge.Reflect, ReferenceImageEdge.Reflect),
            })
            {
                float[] y = [.. x];
                op.Sample(s_turn, edge, 5, y, new float[op.BorderedLength], y);
                int[] labels = [.. Enumerable.Range(0, H * W)], moved = new int[H * W];
                op.SampleLabels(s_turn, edge, -1, labels, moved);
                var pixel = new double[c];
                for (int p = 0; p < H * W; p++)
                {
                    double row = (0.9 * (p / W)) + (0.4 * (p % W)) - 1.5, column = (-0.4 * (p / W)) + (0.9 * (p % W)) + 2.25;
                    ReferenceAugmentation.Sample(H, W, c, SeededData.ToDouble(x), row, column, other, 5, pixel);
                    for (int k = 0; k < c; k++)
                        Assert.Equal(pixel[k], y[(p * c) + k], 1e-3);
                    if (edge == ImageEdge.Constant && (row < -0.5 || row > H - 0.5 || column < -0.5 || column > W - 0.5))
                        Assert.Equal(-1, moved[p]);
                    else if (row >= 0 && row <= H - 1 && column >= 0 && column <= W - 1)
                        Assert.True(Math.Abs((moved[p] / W) - row) <= 0.5 && Math.Abs((moved[p] % W) - column) <= 0.5, $"{edge} {p}");
                    else
                        Assert.InRange(moved[p], 0, (H * W) - 1);
                }
            }
        }
    }

    [Fact]
    public void No_change_allocates()
    {
        ImageOperator op = ImageOperator.Create(new Shape(9, 7, 3));
        int columns = 7 * 3;
        float[] x = new float[9 * columns], padded = new float[x.Length + 4], bordered = new float[op.BorderedLength],
            packed = new float[(op.Taps + 1) * columns], row = new float[columns];
        long bytes = Allocations.Least(() =>
        {
            op.Sample(s_turn, ImageEdge.Reflect, 0, x, bordered, x);
            op.PackChannels(row.AsSpan(0, 9), row.AsSpan(0, 3), packed);
            op.MixChannels(packed, 0, 255, padded, x);
            op.ScaleShift(row, row, x, x);
            op.Blend(x, padded.AsSpan(0, x.Length), 0.5f);
        });
        Assert.True(bytes == 0, $"a run allocated {bytes} bytes");
    }
}
