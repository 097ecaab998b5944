namespace CnnFast.Core.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void A_shape_counts_its_elements_and_prints_its_dimensions()
    {
        var shape = new Shape(8, 28, 27, 3);
        Assert.Equal(4, shape.Rank);
        Assert.Equal(8 * 28 * 27 * 3, shape.ElementCount);
        Assert.Equal(27, shape[2]);
        Assert.Equal([8, 28, 27, 3], shape.Dimensions.ToArray());
        Assert.Equal("[8, 28, 27, 3]", shape.ToString());
        Assert.Equal(shape, Shape.Nhwc(8, 28, 27, 3));
    }

    [Fact]
    public void The_default_shape_is_a_scalar()
    {
        Shape scalar = default;
        Assert.Equal(0, scalar.Rank);
        Assert.Equal(1, scalar.ElementCount);
        Assert.Equal("[]", scalar.ToString());
        Assert.Equal(scalar, new Shape([]));
        Assert.Equal(scalar.GetHashCode(), new Shape([]).GetHashCode());
        Assert.Throws<IndexOutOfRangeException>(() => scalar[0]);
    }

    [Fact]
    public void Shapes_are_equal_by_their_dimensions()
    {
        Assert.True(new Shape(2, 3) == new Shape(2, 3));
        Assert.True(new Shape(2, 3) != new Shape(3, 2));
        Assert.True(new Shape(2, 3) != new Shape(2, 3, 1));
        Assert.False(new Shape(2, 3).Equals((object)"[2, 3]"));
        Assert.Equal(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
    }

    [Fact]
    public void A_shape_does_not_change_with_the_array_it_was_made_from()
    {
        int[] dimensions = [2, 3];
        var shape = new Shape(dimensions);
        dimensions[0] = 99;
        Assert.Equal("[2, 3]", shape.ToString());
    }

    [Theory]
    [InlineData(0, "Shape [4, 0, 2] has a dimension of 0; every dimension must be at least 1.")]
    [InlineData(-3, "Shape [4, -3, 2] has a dimension of -3; every dimension must be at least 1.")]
    [InlineData(int.MinValue, "Shape [4, -2147483648, 2] has a dimension of -2147483648; every dimension must be at least 1.")]
    public void A_dimension_below_1_is_rejected(int dimension, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => new Shape(4, dimension, 2)).Message);

    [Fact]
    public void The_largest_shape_has_as_many_elements_as_an_int_counts()
    {
        Assert.Equal(int.MaxValue, new Shape(int.MaxValue).ElementCount);
        Assert.Equal(46340 * 46340, new Shape(46340, 46340).ElementCount);
    }

    [Fact]
    public void A_product_that_overflows_is_rejected()
    {
        const string Most = "has more than 2147483647 elements, which is the most that one tensor can hold.";
        AssertShape($"Shape [46341, 46341] {Most}", () => new Shape(46341, 46341));
        AssertShape($"Shape [65536, 65536] {Most}", () => new Shape(65536, 65536));
        AssertShape($"Shape [2147483647, 2147483647, 2147483647] {Most}", () => new Shape(int.MaxValue, int.MaxValue, int.MaxValue));
        // 2³² · 2³² wraps a long to zero when it is multiplied out first.
        AssertShape($"Shape [65536, 65536, 65536, 65536] {Most}", () => new Shape(65536, 65536, 65536, 65536));
    }

    [Fact]
    public void A_batch_dimension_is_added_and_removed()
    {
        Assert.Equal(new Shape(5, 28, 27, 1), new Shape(28, 27, 1).WithBatch(5));
        Assert.Equal(new Shape(28, 27, 1), new Shape(5, 28, 27, 1).WithoutBatch());
        Assert.Equal(new Shape(7), default(Shape).WithBatch(7));
        Assert.Equal(default, new Shape(7).WithoutBatch());
        AssertShape("A scalar has no batch dimension to remove.", () => default(Shape).WithoutBatch());
        AssertShape("Shape [0, 28] has a dimension of 0; every dimension must be at least 1.", () => new Shape(28).WithBatch(0));
        AssertShape("Shape [2, 2147483647] has more than 2147483647 elements, which is the most that one tensor can hold.",
            () => new Shape(int.MaxValue).WithBatch(2));
    }

    [Fact]
    public void A_filter_is_printed_in_words_and_validated_as_a_shape()
    {
        Assert.Equal("H3 W5 I64 O32", new FilterShape(3, 5, 64, 32).ToString());
        Assert.Equal(new Shape(3, 5, 64, 32), new FilterShape(3, 5, 64, 32).ToShape());
        AssertShape("Shape [3, 5, 0, 32] has a dimension of 0; every dimension must be at least 1.",
            () => new FilterShape(3, 5, 0, 32).ToShape());
    }

    private static void AssertShape(string message, Func<object?> call) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
