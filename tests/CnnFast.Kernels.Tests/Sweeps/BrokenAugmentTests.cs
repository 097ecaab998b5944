using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>The checker checked: kernels that change images wrongly on purpose must be caught.</summary>
public sealed unsafe class BrokenAugmentTests
{
    private static readonly AugmentKernels s_right = AugmentKernels.All[^1];

    [Fact]
    public void A_row_without_its_last_pixel_is_caught() => AssertCaught("SampleRow", Change(&DropLast));

    [Fact]
    public void A_row_that_takes_the_nearest_place_before_is_caught() => AssertCaught("SampleRow", Change(&ForgetFraction));

    [Fact]
    public void A_mix_without_its_shift_is_caught() => AssertCaught("MixChannels", Change(mix: &ForgetShift));

    private static AugmentKernels Change(delegate*<SampledRow*, float*, nint, void> row = null,
        delegate*<float*, float*, nint, float*, float, float, float*, nint, nint, void> mix = null) => new()
        {
            Isa = IsaLevel.Scalar,
            SampleRow = row is null ? s_right.SampleRow : row,
            MixChannels = mix is null ? s_right.MixChannels : mix,
            Blend = s_right.Blend,
        };

    private static void AssertCaught(string operation, AugmentKernels kernels)
    {
        KernelReport report = new AugmentSweep([kernels]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken)
            .Single(report => report.Kernel.Contains(operation, StringComparison.Ordinal));
        Assert.False(report.Holds, report.Kernel);
    }

    private static void DropLast(SampledRow* row, float* y, nint count) => s_right.SampleRow(row, y, count - 1);

    private static void ForgetFraction(SampledRow* row, float* y, nint count)
    {
        SampledRow other = *row;
        other.Column = MathF.Floor(row->Column);
        s_right.SampleRow(&other, y, count);
    }

    private static void ForgetShift(float* x, float* weights, nint taps, float* shift, float low, float high, float* y, nint rows,
        nint columns)
    {
        var none = new float[columns];
        fixed (float* zero = none)
            s_right.MixChannels(x, weights, taps, zero, low, high, y, rows, columns);
    }
}
