using CnnFast.Training;

namespace CnnFast.Tests.Training;

public sealed class ConfusionMatrixTests
{
    // 3 classes: labels 0 0 0 1 1 against 0 0 1 1 none; class 2 does not occur.
    private static ConfusionMatrix Small
    {
        get
        {
            var builder = new ConfusionMatrixBuilder(3);
            builder.Add([0, 0, 0, -1], [0, 0, 1, 2]);
            builder.AddRows([1, 1, -100], [0, 2, 2, float.NaN, 9, 0, 9, 0, 0]);
            return builder.ToMatrix();
        }
    }

    [Fact]
    public void Figures_by_hand()
    {
        ConfusionMatrix matrix = Small;
        Assert.Equal((3, 5L), (matrix.Classes, matrix.Total));
        Assert.Equal([2L, 1, 0, 0, 1, 0, 0, 0, 0], from a in Enumerable.Range(0, 3) from p in Enumerable.Range(0, 3) select matrix[a, p]);
        Assert.Equal([0L, 1, 0], Each(matrix.Unpredicted));
        Assert.Equal([3L, 2, 0], Each(matrix.Count));
        Assert.Equal(3 / 5.0, matrix.Accuracy);
        Assert.Equal([1, 1 / 2.0, double.NaN], Each(matrix.Precision));
        Assert.Equal([2 / 3.0, 1 / 2.0, double.NaN], Each(matrix.Recall));
        Assert.Equal([4 / 5.0, 2 / 4.0, double.NaN], Each(matrix.F1));
        Assert.Equal([2 / 3.0, 1 / 3.0, double.NaN], Each(matrix.IoU));
        Assert.Equal((0.8 + 0.5) / 2, matrix.MacroF1, 1e-15);
        Assert.Equal(1 / 2.0, matrix.MeanIoU, 1e-15);
    }

    [Fact]
    public void What_was_counted_later_does_not_change_a_matrix()
    {
        var builder = new ConfusionMatrixBuilder(2);
        builder.Add(0, 1);
        ConfusionMatrix matrix = builder.ToMatrix();
        builder.Add(0, 1);
        Assert.Equal((1L, 2L), (matrix[0, 1], builder.ToMatrix()[0, 1]));
    }

    [Fact]
    public void The_report_is_a_table_with_a_line_a_class() => Assert.Equal(
        """
        Rows are labels, columns predictions.
        label  cat  dog  bird  none
        cat      2    1     0     0
        dog      0    1     0     1
        bird     0    0     0     0

        class  precision  recall      F1       count
        cat       1.0000  0.6667  0.8000           3
        dog       0.5000  0.5000  0.5000           2
        bird           -       -       -           0

        accuracy 0.6000, macro F1 0.6500, mean IoU 0.5000 of 5

        """.ReplaceLineEndings("\n"),
        Small.ToString(["cat", "dog", "bird"]));

    [Fact]
    public void Names_that_do_not_fit_over_columns_give_way_to_numbers()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"a long name of a class {i} with\ta tab")];
        string[] lines = Report(10, names);
        Assert.Equal("label                             0  1  2  3  4  5  6  7  8  9", lines[1]);
        Assert.Equal("3 a long name of a class 3 with…  0  0  0  5  1  0  0  0  0  0", lines[5]);
    }

    [Fact]
    public void Many_classes_show_the_most_frequent_mistakes()
    {
        string[] lines = Report(100, null);
        Assert.Equal("The most frequent mistakes (20 of 100 pairs of classes).", lines[0]);
        Assert.Equal("label  predicted   count", lines[1]);
        Assert.Equal("0      1               1", lines[2]);
        Assert.Equal("", lines[22]);
    }

    [Fact]
    public void A_matrix_without_counts_is_written_too()
    {
        string text = new ConfusionMatrixBuilder(ConfusionMatrixBuilder.MaxClasses).ToMatrix().ToString();
        Assert.StartsWith("The most frequent mistakes (0 of 0 pairs of classes).\n\nclass", text, StringComparison.Ordinal);
        Assert.EndsWith("accuracy -, macro F1 -, mean IoU - of 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var builder = new ConfusionMatrixBuilder(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add(0, 3));
        Assert.Throws<ShapeException>(() => builder.Add([0, 1], [0]));
        Assert.Throws<ShapeException>(() => builder.AddRows([0, 1], new float[5]));
        Assert.Equal(0, builder.ToMatrix().Total);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrixBuilder(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrixBuilder(ConfusionMatrixBuilder.MaxClasses + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Small.F1(-1));
        Assert.Throws<ArgumentException>(() => Small.ToString(["a", "b"]));
    }

    private static string[] Report(int classes, string[]? names)
    {
        var builder = new ConfusionMatrixBuilder(classes);
        for (int label = 0; label < classes; label++)
        {
            for (int i = 0; i < 5; i++)
                builder.Add(label, label);
            builder.Add(label, (label + 1) % classes);
        }

        string[] lines = builder.ToMatrix().ToString(names).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.All(lines, line => Assert.DoesNotContain('\t', line));
        return lines;
    }

    private static T[] Each<T>(Func<int, T> figure) => [figure(0), figure(1), figure(2)];
}
