using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class CasesTests
{
    [Fact]
    public void The_convolution_sweep_covers_every_kind_of_geometry()
    {
        IReadOnlyList<Conv2DCase> sweep = Conv2DCases.Sweep;
        Assert.InRange(sweep.Count, 200, 400);
        Assert.InRange(Conv2DCases.Quick.Count, 30, 60);
        foreach (int size in (int[])[1, 2, 3, 7, 8, 9, 13, 15, 16, 17, 31])
        {
            Assert.Contains(sweep, c => c.Geometry.C == size);
            Assert.Contains(sweep, c => c.Geometry.OC == size);
            Assert.Contains(sweep, c => c.Geometry.H == size && c.Geometry.W != size);
            Assert.Contains(sweep, c => c.Geometry.W == size && c.Geometry.H != size);
        }

        foreach (IReadOnlyList<Conv2DCase> cases in (IReadOnlyList<Conv2DCase>[])[sweep, Conv2DCases.Quick])
        {
            Assert.Contains(cases, c => c.Geometry.KH < c.Geometry.KW);
            Assert.Contains(cases, c => c.Geometry.KH > c.Geometry.KW);
            Assert.Contains(cases, c => c.Geometry is { StrideH: 3, StrideW: 2 });
            Assert.Contains(cases, c => c.Geometry is { DilationH: 3, DilationW: 2 });
            Assert.Contains(cases, c => c.Geometry is { StrideH: > 1, DilationH: > 1, N: > 1 });
            Assert.Contains(cases, c => c.Geometry.Groups > 1 && c.Geometry.GroupC > 1 && c.Geometry.GroupOC > 1);
            Assert.Contains(cases, c => c.Geometry.Groups > 1 && c.Geometry.GroupC == 1 && c.Geometry.GroupOC > 1);
            Assert.Contains(cases, c => c.Geometry.PadTop > c.Geometry.PadBottom && c.Geometry.PadLeft != c.Geometry.PadRight);
            Assert.Contains(cases, c => c.Geometry.StrideH > c.Geometry.KH);
        }
    }

    [Fact]
    public void The_pooling_sweep_covers_every_kind_of_geometry()
    {
        IReadOnlyList<Pool2DCase> sweep = Pool2DCases.Sweep;
        Assert.InRange(sweep.Count, 150, 300);
        Assert.InRange(Pool2DCases.Quick.Count, 15, 40);
        foreach (IReadOnlyList<Pool2DCase> cases in (IReadOnlyList<Pool2DCase>[])[sweep, Pool2DCases.Quick])
        {
            Assert.Contains(cases, c => c.Geometry.KH < c.Geometry.KW);
            Assert.Contains(cases, c => c.Geometry.KH > c.Geometry.KW);
            Assert.Contains(cases, c => c.Geometry.StrideH < c.Geometry.KH && c.Geometry.N > 1);
            Assert.Contains(cases, c => c.Geometry.StrideW > c.Geometry.KW);
            Assert.Contains(cases, c => c.Geometry.DilationH > 1 && c.Geometry.DilationW > 1);
            Assert.Contains(cases, c => c.Geometry.PadTop > c.Geometry.PadBottom && c.Geometry.PadLeft < c.Geometry.PadRight);
            Assert.Contains(cases, c => c.Geometry.KH == c.Geometry.H && c.Geometry.KW == c.Geometry.W && c.Geometry.W > 1);
        }
    }

    [Fact]
    public void No_case_occurs_twice_and_data_differs_between_cases()
    {
        Assert.Equal(Conv2DCases.Sweep.Count, Conv2DCases.Sweep.Select(c => c.Seed).Distinct().Count());
        Conv2DCase one = Conv2DCases.Sweep[3];
        float[][] tensors = [one.X(), one.W(), one.Bias(), one.DY(), Conv2DCases.Sweep[4].X()];
        Assert.Equal(tensors.Length, tensors.Select(t => t[0]).Distinct().Count());
    }

    [Fact]
    public void A_smaller_batch_has_the_same_images()
    {
        Conv2DCase two = Conv2DCases.Sweep.First(c => c.Geometry.N == 2);
        Conv2DCase one = two.WithBatch(1);
        Assert.Equal(two.X()[..one.Geometry.Input.ElementCount], one.X());
        Assert.Equal(two.ExpectForward().Values[..one.Geometry.Output.ElementCount], one.ExpectForward().Values);
    }

    [Fact]
    public void Seeded_values_are_known_and_spread_over_their_range()
    {
        float[] values = SeededData.Uniform(10_000, seed: 1);
        Assert.Equal(values[..7], SeededData.Uniform(7, seed: 1));
        Assert.InRange(values.Min(), -1f, -0.999f);
        Assert.InRange(values.Max(), 0.999f, 0.99999994f);
        Assert.InRange(values.Average(), -0.02, 0.02);
        int[] integers = SeededData.Integers(10_000, 3, seed: 1);
        Assert.All((int[])[0, 1, 2], v => Assert.InRange(integers.Count(i => i == v), 3200, 3470));
    }
}
