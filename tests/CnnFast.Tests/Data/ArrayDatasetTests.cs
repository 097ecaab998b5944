using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class ArrayDatasetTests
{
    [Fact]
    public void Batches_hold_the_inputs_and_the_numbers_that_belong_to_them()
    {
        var data = new ArrayDataset(new Shape(2), [1, 2, 3, 4, 5, 6], new Shape(1), [10, 20, 30]);
        Assert.Equal(3, data.Count);
        using var loader = new BatchLoader(data, 2, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.Equal([1, 2, 3, 4], loader.Current.Input().ToArray());
        Assert.Equal([10, 20], loader.Current.Values().ToArray());
        Assert.True(loader.Current.Labels().IsEmpty);
        Assert.True(loader.MoveNext());
        Assert.Equal(new Shape(1, 2), loader.Current.InputShape());
        Assert.Equal([30], loader.Current.Values().ToArray());
        Assert.False(loader.MoveNext());
    }

    [Fact]
    public void Batches_hold_labels()
    {
        var data = new ArrayDataset(new Shape(1), [1, 2, 3], classes: 4, [3, 0, 1]);
        using var loader = new BatchLoader(data, 3, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.Equal([3, 0, 1], loader.Current.Labels().ToArray());
        Assert.True(loader.Current.Values().IsEmpty);
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        Assert.Equal(
            "ArrayDataset: 3 values were given for inputs of [2]; expected a multiple of 2, at least one.",
            Assert.Throws<ShapeException>(() => new ArrayDataset(new Shape(2), [1, 2, 3], new Shape(1), [1])).Message);
        Assert.Equal(
            "ArrayDataset: 2 targets were given for 1 samples; expected 3, values [3] a sample.",
            Assert.Throws<ShapeException>(() => new ArrayDataset(new Shape(2), [1, 2], new Shape(3), [1, 2])).Message);
        Assert.StartsWith(
            "ArrayDataset: label 0 is 3; expected 0 to 2.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ArrayDataset(new Shape(2), [1, 2], 3, [3])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new ArrayDataset(new Shape(2), [], 3, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArrayDataset(new Shape(2), [1, 2], 0, [0]));
    }
}
