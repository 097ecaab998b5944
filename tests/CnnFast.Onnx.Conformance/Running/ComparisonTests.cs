namespace CnnFast.Onnx.Conformance.Running;

/// <summary>The check itself: what it has to notice.</summary>
public sealed class ComparisonTests
{
    private static readonly Bound s_bound = new(1e-4, 0, 1e-5, "");

    [Theory]
    [InlineData(1f, 1.0001f, true)]
    [InlineData(1f, 1.00012f, false)]
    [InlineData(0f, 1.1e-5f, false)]
    [InlineData(1f, float.NaN, false)]
    [InlineData(float.NaN, 1f, false)]
    [InlineData(float.NaN, float.NaN, true)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, true)]
    [InlineData(float.PositiveInfinity, float.MaxValue, false)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity, false)]
    [InlineData(1f, float.PositiveInfinity, false)]
    public void A_float_is_within_the_bound_or_not(float expected, float actual, bool same)
    {
        Assert.Equal(same, Compare(OnnxTensor.Create([1f, expected], 2), OnnxTensor.Create([1f, actual], 2)) is null);
    }

    [Fact]
    public void Other_types_shapes_and_names_differ()
    {
        OnnxTensor expected = OnnxTensor.Create([1, 2], 2);
        Assert.Null(Compare(expected, OnnxTensor.Create([1, 2], 2)));
        Assert.Equal("output 'y': [1] of 2 is 3, expected 2", Compare(expected, OnnxTensor.Create([1, 3], 2)));
        Assert.Equal("output 'y': Int64[2], expected Int32[2]", Compare(expected, OnnxTensor.Create([1L, 2L], 2)));
        Assert.Equal("output 'y': Int32[1, 2], expected Int32[2]", Compare(expected, OnnxTensor.Create([1, 2], 1, 2)));
        Assert.Equal("output 'y' is missing", Comparison.Difference(Named("y", expected), Named("x", expected), s_bound));
        Assert.Equal("1 outputs, expected 0", Comparison.Difference(new Dictionary<string, OnnxTensor>(), Named("x", expected), s_bound));
    }

    private static string? Compare(OnnxTensor expected, OnnxTensor actual) =>
        Comparison.Difference(Named("y", expected), Named("y", actual), s_bound);

    private static Dictionary<string, OnnxTensor> Named(string name, OnnxTensor tensor) => new() { [name] = tensor };
}
