namespace CnnFast.Visualization.Tests;

public sealed class ThinnedSeriesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(100_003)]
    public void Extremes_stay_and_the_number_of_points_is_bounded(int count)
    {
        var series = new ThinnedSeries();
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
        (values[count / 3], values[count / 2]) = (7, -3);
        for (int i = 0; i < count; i++)
            series.Add(i + 1, values[i], i);
        ThinnedSeries.Point[] points = [.. series.Points];
        Assert.InRange(points.Length, 1, 2 * ThinnedSeries.MaxStretches);
        Assert.Equal((values.Max(), values.Min()), (points.Max(point => point.Value), points.Min(point => point.Value)));
        Assert.Equal(points.Select(point => point.Step).Order().Distinct(), points.Select(point => point.Step));
        Assert.All(points, point => Assert.Equal((values[point.Step - 1], point.Step - 1.0), (point.Value, point.Rate)));
        if (count <= ThinnedSeries.MaxStretches)
            Assert.Equal(count, points.Length);
    }
}
