using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceSoftmaxCrossEntropyTests
{
    private static readonly double Log2 = Math.Log(2), Log3 = Math.Log(3), Log5 = Math.Log(5), Log8 = Math.Log(8);

    [Fact]
    public void The_mean_loss_and_gradient_of_class_indices_by_hand()
    {
        // Probabilities 1/8 2/8 5/8 with label 2, and 1/3 each with label 0.
        double[] logits = [0, Log2, Log5, 7, 7, 7], dx = new double[6];
        int[] labels = [2, 0];
        Assert.Equal((Log8 - Log5 + Log3) / 2, ReferenceSoftmaxCrossEntropy.Forward(2, 3, logits, labels), 1e-15);
        ReferenceSoftmaxCrossEntropy.Backward(2, 3, logits, labels, dx);
        AssertClose([0.0625, 0.125, -0.1875, -1 / 3.0, 1 / 6.0, 1 / 6.0], dx);
    }

    [Fact]
    public void Soft_targets_by_hand_even_where_they_do_not_sum_to_1()
    {
        double[] logits = [0, Log2, Log5], targets = [0.5, 0, 0.25], dx = new double[3];
        Assert.Equal((0.5 * Log8) + (0.25 * (Log8 - Log5)), ReferenceSoftmaxCrossEntropy.Forward(1, 3, logits, targets), 1e-15);
        ReferenceSoftmaxCrossEntropy.Backward(1, 3, logits, targets, dx);
        AssertClose([0.09375 - 0.5, 0.1875, 0.46875 - 0.25], dx);
    }

    [Fact]
    public void One_hot_targets_are_class_indices()
    {
        double[] logits = SeededData.ToDouble(SeededData.Uniform(15, 1)), fromLabels = new double[15], fromTargets = new double[15];
        int[] labels = [4, 0, 2];
        double[] targets = [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0];
        Assert.Equal(ReferenceSoftmaxCrossEntropy.Forward(3, 5, logits, labels),
            ReferenceSoftmaxCrossEntropy.Forward(3, 5, logits, targets));
        ReferenceSoftmaxCrossEntropy.Backward(3, 5, logits, labels, fromLabels);
        ReferenceSoftmaxCrossEntropy.Backward(3, 5, logits, targets, fromTargets);
        Assert.Equal(fromLabels, fromTargets);
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_lose_the_loss()
    {
        Assert.Equal(1e5, ReferenceSoftmaxCrossEntropy.Forward(1, 2, [1e5, 0], [1]));
        Assert.Equal(0, ReferenceSoftmaxCrossEntropy.Forward(1, 2, [1e5, 0], [0]));
        Assert.Equal(0, ReferenceSoftmaxCrossEntropy.Forward(1, 2, [0, double.NegativeInfinity], [0]));
        Assert.Equal(double.PositiveInfinity, ReferenceSoftmaxCrossEntropy.Forward(1, 2, [0, double.NegativeInfinity], [1]));
    }

    [Fact]
    public void Every_element_of_the_gradient_is_its_central_difference()
    {
        var failures = new List<string>();
        int checks = 0;
        foreach ((int rows, int classes) in ((int, int)[])[(1, 1), (1, 2), (3, 10), (2, 17), (5, 3)])
        {
            double[] logits = Array.ConvertAll(SeededData.Uniform(rows * classes, rows), v => 3.0 * v), dx = new double[logits.Length];
            int[] labels = SeededData.Integers(rows, classes, 5);
            ReferenceSoftmaxCrossEntropy.Backward(rows, classes, logits, labels, dx);
            failures.AddRange(GradientCheck.Failures($"{rows}×{classes} labels", logits, dx, 1e-5, 1,
                () => WithRounding(ReferenceSoftmaxCrossEntropy.Forward(rows, classes, logits, labels), classes)));

            // Any targets, negative ones and rows of any sum included.
            double[] targets = SeededData.ToDouble(SeededData.Uniform(logits.Length, 6));
            ReferenceSoftmaxCrossEntropy.Backward(rows, classes, logits, targets, dx);
            failures.AddRange(GradientCheck.Failures($"{rows}×{classes} targets", logits, dx, 1e-5, classes,
                () => WithRounding(ReferenceSoftmaxCrossEntropy.Forward(rows, classes, logits, targets), classes)));
            checks += 2 * logits.Length;
        }

        GradientCheck.AssertNone(failures, checks);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_label_that_is_no_class_is_rejected(int label)
    {
        string expected = $": label 1 is {label}; expected a class from 0 to 2.";
        var forward = Assert.Throws<ArgumentOutOfRangeException>(() =>
            ReferenceSoftmaxCrossEntropy.Forward(2, 3, new double[6], [0, label]));
        Assert.StartsWith("ReferenceSoftmaxCrossEntropy.Forward" + expected, forward.Message);
        var backward = Assert.Throws<ArgumentOutOfRangeException>(() =>
            ReferenceSoftmaxCrossEntropy.Backward(2, 3, new double[6], [0, label], new double[6]));
        Assert.StartsWith("ReferenceSoftmaxCrossEntropy.Backward" + expected, backward.Message);
    }

    [Fact]
    public void A_span_of_another_length_is_one_sentence()
    {
        double[] six = new double[6], five = new double[5];
        int[] labels = [0, 1, 2];
        AssertShape("ReferenceSoftmaxCrossEntropy.Forward: labels has 3 elements; expected 2 for shape [2].",
            () => ReferenceSoftmaxCrossEntropy.Forward(2, 3, six, labels));
        AssertShape("ReferenceSoftmaxCrossEntropy.Forward: logits has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmaxCrossEntropy.Forward(2, 3, five, six));
        AssertShape("ReferenceSoftmaxCrossEntropy.Forward: targets has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmaxCrossEntropy.Forward(2, 3, six, five));
        AssertShape("ReferenceSoftmaxCrossEntropy.Backward: logits has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmaxCrossEntropy.Backward(2, 3, five, six, six));
        AssertShape("ReferenceSoftmaxCrossEntropy.Backward: targets has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmaxCrossEntropy.Backward(2, 3, six, five, six));
        AssertShape("ReferenceSoftmaxCrossEntropy.Backward: dx has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmaxCrossEntropy.Backward(2, 3, six, six, five));
    }

    private static void AssertShape(string message, Action call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    // Each of the loss's terms is a few units of size; dividing by the rows makes it no larger.
    private static (double Value, double Rounding) WithRounding(double loss, int classes) => (loss, 10.0 * classes * classes);

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-15, $"element {i} is {actual[i]:R}, expected {expected[i]:R}");
    }
}
