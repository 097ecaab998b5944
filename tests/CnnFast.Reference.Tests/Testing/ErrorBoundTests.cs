using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ErrorBoundTests
{
    private const double Unit = 1.0 / 16_777_216;

    [Fact]
    public void The_bound_grows_with_terms_and_magnitude()
    {
        Assert.Equal(14 * Unit * 3, ErrorBound.Of(3, 10), 1e-20);
        Assert.Equal(24 * Unit * 3, ErrorBound.Of(3, 20), 1e-20);
        Assert.True(ErrorBound.Of(0, 1) >= float.Epsilon, "a sum of zeros may be off by a denormal");
        Assert.True(ErrorBound.Of(0, 1) < 1e-44, "and by no more");
    }

    [Fact]
    public void The_worst_element_is_named_in_units_of_its_bound()
    {
        double[] reference = [1, 2, 3];
        double[] magnitude = [1, 2, 30];
        float[] actual = [1, 2 + (float)(20 * Unit), 3 + (float)(40 * Unit)];
        ErrorMeasure measure = ErrorBound.Measure(actual, reference, magnitude, terms: 1);
        // Element 1: an error of 16 or 24 units by rounding to float, against 5 · 2 units; element 2: 32 to 48 against 150.
        Assert.Equal(1, measure.Index);
        Assert.InRange(measure.Worst, 1.6, 2.4);
        Assert.False(measure.Holds);
        Assert.StartsWith("element 1 is 2.00000", measure.Description);
        Assert.Contains("reference 2:", measure.Description);
    }

    [Fact]
    public void An_exact_output_has_no_error()
    {
        ErrorMeasure measure = ErrorBound.Measure([1f, -2f], [1, -2], [1, 2], terms: 1);
        Assert.True(measure.Holds);
        Assert.Equal(0, measure.Worst);
        Assert.Equal(0, measure.Index);
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(1, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(float.NaN, double.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, double.NaN)]
    public void NaN_and_infinity_must_match_the_reference(float actual, double reference)
    {
        ErrorMeasure measure = ErrorBound.Measure([0f, actual], [0, reference], [0, Math.Abs(reference)], terms: 5);
        Assert.Equal(double.PositiveInfinity, measure.Worst);
        Assert.Equal(1, measure.Index);
    }

    [Theory]
    [InlineData(float.NaN, double.NaN)]
    [InlineData(float.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, double.NegativeInfinity)]
    public void NaN_and_infinity_that_match_are_no_error(float actual, double reference) =>
        Assert.Equal(0, ErrorBound.Measure([actual], [reference], [Math.Abs(reference)], terms: 5).Worst);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_magnitude_that_is_not_finite_bounds_nothing(double magnitude) =>
        Assert.Equal(double.PositiveInfinity, ErrorBound.Measure([1.5f], [1], [magnitude], terms: 5).Worst);

    [Fact]
    public void Exact_comparison_tells_the_zeros_apart_and_ignores_the_payload_of_a_NaN()
    {
        float otherNaN = BitConverter.Int32BitsToSingle(0x7FC00123);
        Assert.True(ErrorBound.MeasureExact([1, 0f, otherNaN], [1, 0f, float.NaN]).Holds);
        Assert.Equal(1, ErrorBound.MeasureExact([1, -0f, 2], [1, 0f, 3]).Index);
        Assert.False(ErrorBound.MeasureExact([1, float.NaN], [1, 1]).Holds);
        Assert.False(ErrorBound.MeasureExact([1, 1], [1, float.NaN]).Holds);
    }

    [Fact]
    public void Lengths_that_differ_are_rejected()
    {
        var error = Assert.Throws<ShapeException>(() => ErrorBound.Measure([1f, 2f], [1], [1, 2, 3], 1));
        Assert.Equal("ErrorBound: 2 elements, 1 references and 3 magnitudes; expected as many of each.", error.Message);
    }

    [Fact]
    public void The_worse_of_two_measures_is_kept()
    {
        var small = new ErrorMeasure(0.1, 0, 1, 1, 1);
        var large = new ErrorMeasure(0.7, 3, 1, 1, 1);
        Assert.Equal(large, small.Max(large));
        Assert.Equal(large, large.Max(small));
        Assert.Equal(small, ErrorMeasure.None.Max(small));
        Assert.Equal("no elements", ErrorMeasure.None.Description);
    }
}
