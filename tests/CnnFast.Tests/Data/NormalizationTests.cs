using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class NormalizationTests
{
    [Fact]
    public void The_default_divides_every_byte_by_255()
    {
        Normalization normalization = default;
        for (int value = 0; value < 256; value++)
            Assert.Equal(value / 255f, normalization.Apply((byte)value));
        Assert.Equal((1.0 / 255, 0.0), (normalization.Scale, normalization.Offset));
    }

    [Fact]
    public void The_default_equals_the_same_factors_given_by_hand() =>
        Assert.Equal(default, new Normalization(1.0 / 255.0, 0));

    [Fact]
    public void Mean_and_deviation_are_on_the_scale_of_0_to_1()
    {
        var normalization = Normalization.FromMeanStd(0.1307, 0.3081);
        for (int value = 0; value < 256; value++)
            Assert.Equal(((value / 255.0) - 0.1307) / 0.3081, normalization.Apply((byte)value), 1e-6);
    }

    [Fact]
    public void A_row_of_bytes_gives_the_same_bits_as_one_by_one()
    {
        var normalization = new Normalization(0.0123, -1.5);
        byte[] bytes = [0, 1, 2, 127, 128, 254, 255];
        var values = new float[bytes.Length];
        normalization.Apply(bytes, values);
        Assert.Equal(bytes.Select(normalization.Apply), values);
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
}
