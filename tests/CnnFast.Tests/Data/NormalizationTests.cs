using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class NormalizationTests
{
    [Fact]
    public void The_default_divides_every_byte_by_255()
    {
        Normalization normalization = default;
        for (int value = 0; value < 256; value++)
            Assert.Equal(value / 255f, normalization.Apply((byte)value, 0));
        Assert.Equal((1.0 / 255, 0.0), (normalization.ScaleOf(0), normalization.OffsetOf(0)));
    }

    [Fact]
    public void The_default_equals_the_same_factors_given_by_hand() =>
        Assert.Equal(default, new Normalization(1.0 / 255.0, 0));

    [Fact]
    public void Mean_and_deviation_are_on_the_scale_of_0_to_1()
    {
        var normalization = Normalization.FromMeanStd(0.1307, 0.3081);
        for (int value = 0; value < 256; value++)
            Assert.Equal(((value / 255.0) - 0.1307) / 0.3081, normalization.Apply((byte)value, 0), 1e-6);
    }

    [Fact]
    public void A_row_of_bytes_gives_the_same_bits_as_one_by_one()
    {
        var normalization = new Normalization(0.0123, -1.5);
        byte[] bytes = [0, 1, 2, 127, 128, 254, 255];
        var values = new float[bytes.Length];
        normalization.Apply(bytes, values);
        Assert.Equal(bytes.Select(value => normalization.Apply(value, 0)), values);
    }

    [Theory]
    [InlineData(0, 0, "scale")]
    [InlineData(double.NaN, 0, "scale")]
    [InlineData(double.PositiveInfinity, 0, "scale")]
    [InlineData(1, double.NaN, "offset")]
    public void Factors_that_lose_the_image_are_rejected(double scale, double offset, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => new Normalization(scale, offset)).ParamName);

    [Theory]
    [InlineData(double.NaN, 1, "mean")]
    [InlineData(0, 0, "std")]
    [InlineData(0, -1, "std")]
    [InlineData(0, double.NaN, "std")]
    public void A_deviation_of_0_or_less_is_rejected(double mean, double std, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => Normalization.FromMeanStd(mean, std)).ParamName);

    [Fact]
    public void A_destination_of_another_length_is_rejected() =>
        Assert.Equal(
            "Normalization: the destination holds 3 values; expected 2, one for each byte.",
            Assert.Throws<ShapeException>(() => default(Normalization).Apply([1, 2], new float[3])).Message);

    [Fact]
    public void Channels_have_factors_of_their_own()
    {
        var normalization = Normalization.FromMeanStd([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        Assert.Equal(3, normalization.Channels);
        byte[] pixels = [0, 128, 255, 7, 8, 9];
        var values = new float[6];
        normalization.Apply(pixels, values);
        Assert.Equal(((128 / 255.0) - 0.456) / 0.224, values[1], 1e-6);
        Assert.Equal(((255 / 255.0) - 0.406) / 0.225, values[2], 1e-6);
        Assert.Equal(((7 / 255.0) - 0.485) / 0.229, values[3], 1e-6);
        Assert.Equal(pixels.Select((value, i) => normalization.Apply(value, i % 3)), values);
        Assert.Equal(
            "Normalization: 4 bytes were given; expected whole pixels of 3 channels.",
            Assert.Throws<ShapeException>(() => normalization.Apply(new byte[4], new float[4])).Message);
    }

    [Fact]
    public void Factors_of_channels_are_equal_by_value()
    {
        var first = Normalization.PerChannel([1, 2], [3, 4]);
        var same = Normalization.PerChannel([1, 2], [3, 4]);
        Assert.Equal(first, same);
        Assert.Equal(first.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(first, Normalization.PerChannel([1, 2], [3, 5]));
        Assert.NotEqual(first, new Normalization(1, 3));
        Assert.Equal(new Normalization(1, 3), Normalization.PerChannel([1], [3]));
        Assert.Equal("byte × 1 + 3, byte × 2 + 4", first.ToString());
    }

    [Fact]
    public void As_many_scales_as_offsets_are_expected()
    {
        Assert.Throws<ArgumentException>(() => Normalization.PerChannel([1, 2], [3]));
        Assert.Throws<ArgumentException>(() => Normalization.PerChannel([], []));
        Assert.Throws<ArgumentException>(() => Normalization.FromMeanStd([0.5], [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Normalization.PerChannel([1, 0], [3, 3]));
    }
}
