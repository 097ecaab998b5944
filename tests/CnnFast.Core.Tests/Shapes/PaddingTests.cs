namespace CnnFast.Core.Tests;

public sealed class PaddingTests
{
    [Fact]
    public void The_default_is_valid()
    {
        Assert.Equal(Padding.Valid, default);
        Assert.Equal(PaddingMode.Valid, default(Padding).Mode);
        Assert.Equal("Valid", Padding.Valid.ToString());
        Assert.Equal("Same", Padding.Same.ToString());
    }

    [Fact]
    public void Explicit_sides_are_top_left_bottom_right()
    {
        Padding padding = Padding.Explicit(1, 2, 3, 4);
        Assert.Equal((1, 2, 3, 4), (padding.Top, padding.Left, padding.Bottom, padding.Right));
        Assert.Equal("[1, 2, 3, 4]", padding.ToString());
        Assert.Equal(Padding.Explicit(2, 2, 2, 2), Padding.Explicit(2));
        Assert.NotEqual(Padding.Valid, Padding.Explicit(0));
    }

    [Theory]
    [InlineData(-1, 2, 3, 4)]
    [InlineData(1, -2, 3, 4)]
    [InlineData(1, 2, -3, 4)]
    [InlineData(1, 2, 3, int.MinValue)]
    public void A_negative_side_is_rejected(int top, int left, int bottom, int right) =>
        Assert.Equal(
            $"Padding top {top}, left {left}, bottom {bottom}, right {right} has a negative side; every side must be at least 0.",
            Assert.Throws<ShapeException>(() => Padding.Explicit(top, left, bottom, right)).Message);
}
