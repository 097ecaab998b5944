using CnnFast.Operators;

namespace CnnFast.Kernels.Tests;

public sealed class ElementwiseValueTests
{
    private const float Inf = float.PositiveInfinity;
    private const float NaN = float.NaN;

    private static IEnumerable<ElementwiseOperators> Tiers =>
        ElementwiseKernels.All.Where(s => CpuInfo.IsSupported(s.Isa)).Select(s => ElementwiseOperators.Create(s.Isa));

    private static IEnumerable<ActivationOperator> ReLUs =>
        FunctionKernels.All.Where(s => CpuInfo.IsSupported(s.Isa)).Select(s => ActivationOperator.Create(Activation.ReLU, s.Isa));

    [Fact]
    public void ReLU_passes_NaN_and_negative_zero_and_clears_the_rest_below_0()
    {
        float[] x = [NaN, -0f, 0f, -float.Epsilon, float.Epsilon, -Inf, Inf, -1f, 1f];
        foreach (ActivationOperator op in ReLUs)
        {
            var y = new float[x.Length];
            op.Run(SerialScheduler.Instance, x, y);
            AssertBits([NaN, -0f, 0f, 0f, float.Epsilon, 0f, Inf, 0f, 1f], y);
        }
    }

    [Fact]
    public void The_gradient_of_ReLU_is_0_at_0_and_at_NaN_even_where_dy_is_not_finite()
    {
        float[] y = [NaN, -0f, 0f, float.Epsilon, Inf, 1f, 0f, 0f, 3f];
        float[] dy = [1f, 1f, 1f, -2f, NaN, Inf, NaN, Inf, -0f];
        foreach (ActivationOperator op in ReLUs)
        {
            op.Backward(SerialScheduler.Instance, y, dy, dy);
            AssertBits([0f, 0f, 0f, -2f, NaN, Inf, 0f, 0f, -0f], dy);
            dy = [1f, 1f, 1f, -2f, NaN, Inf, NaN, Inf, -0f];
        }
    }

    [Fact]
    public void CopyChannels_writes_and_reads_some_channels_and_leaves_the_others()
    {
        float[] a = [1, 2, 3, 4], b = [10, 20, 30, 40, 50, 60], all = new float[10], back = new float[6];
        CopyOperators.CopyChannels(SerialScheduler.Instance, 2, 2, a, 2, all.AsSpan(0, 7), 5);
        CopyOperators.CopyChannels(SerialScheduler.Instance, 2, 3, b, 3, all.AsSpan(2), 5);
        Assert.Equal([1, 2, 10, 20, 30, 3, 4, 40, 50, 60], all);
        CopyOperators.CopyChannels(SerialScheduler.Instance, 2, 3, all.AsSpan(2), 5, back, 3);
        Assert.Equal(b, back);
    }

    [Fact]
    public void Channels_that_overlap_or_do_not_fit_are_refused()
    {
        string message = Assert.Throws<ShapeException>(() =>
            CopyOperators.CopyChannels(SerialScheduler.Instance, 2, 3, new float[6], 3, new float[5], 2)).Message;
        Assert.Equal("CopyChannels: 2 pixels of 3 channels, 3 and 2 floats apart, were given; expected at least 1 of each, " +
            "and pixels that do not overlap.", message);
        message = Assert.Throws<ShapeException>(() =>
            CopyOperators.CopyChannels(SerialScheduler.Instance, 2, 2, new float[4], 2, new float[10], 5)).Message;
        Assert.Equal("CopyChannels: dst has 10 elements, expected 7.", message);
        Assert.Throws<ShapeException>(() => CopyOperators.CopyChannels(SerialScheduler.Instance, 0, 2, [], 2, [], 2));
        Assert.Throws<ShapeException>(() => CopyOperators.CopyChannels(SerialScheduler.Instance, -1, 2, new float[4], 2, new float[7], 5));
    }

    [Fact]
    public void Wrong_lengths_are_refused_with_both_lengths()
    {
        ElementwiseOperators op = ElementwiseOperators.Create();
        Assert.Equal("Add: b has 3 elements, expected 4.",
            Assert.Throws<ShapeException>(() => op.Add(SerialScheduler.Instance, new float[4], new float[3], new float[4])).Message);
        Assert.Equal(
            "Sgd: first has 0 elements, expected 4.",
            Assert.Throws<ShapeException>(() =>
                UpdateOperator<SgdRule>.Default.Run(new float[4], new float[4], [], [], new SgdRule(1, 0, 0))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => AdamRule.Create(0, 1, 0.9f, 0.999f, 1e-8f, 0));
    }

    [Fact]
    public void Nothing_is_done_to_nothing()
    {
        foreach (ElementwiseOperators op in Tiers)
            op.Add(SerialScheduler.Instance, [], [], []);
        UpdateOperator<AdamRule>.Default.Run([], [], [], [], AdamRule.Create(1, 1, 0.9f, 0.999f, 1e-8f, 0));
    }

    private static void AssertBits(float[] expected, float[] actual) =>
        Assert.Equal(Array.ConvertAll(expected, Bits), Array.ConvertAll(actual, Bits));

    private static string Bits(float value) => float.IsNaN(value)
        ? "NaN"
        : BitConverter.SingleToInt32Bits(value).ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
}
