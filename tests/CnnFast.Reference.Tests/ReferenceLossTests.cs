namespace CnnFast.Reference.Tests;

/// <summary>Losses by hand and against central differences.</summary>
public sealed class ReferenceLossTests
{
    private static readonly double[] s_logits = [0.3, -1.2, 4, -2.5, 0.9, 1.7];
    private static readonly double[] s_targets = [0, 1, 0.5, 0.1, 1, 0];

    [Fact]
    public void Mean_absolute_error_by_hand()
    {
        double[] dx = new double[4];
        Assert.Equal(7 / 4.0, ReferenceMeanAbsoluteError.Forward([1, 2, -3, 4], [0, 2, -1, 8]));
        ReferenceMeanAbsoluteError.Backward([1, 2, -3, 4], [0, 2, -1, 8], dx);
        Assert.Equal([0.25, 0, -0.25, -0.25], dx);
        Check("MAE", x => ReferenceMeanAbsoluteError.Forward(x, s_targets), (x, g) => ReferenceMeanAbsoluteError.Backward(x, s_targets, g));
    }

    [Fact]
    public void Huber_by_hand()
    {
        double[] dx = new double[3];

        // ½·1², 2·(5 − 1), 2·(3 − 1).
        Assert.Equal((0.5 + 8 + 4) / 3, ReferenceHuber.Forward([1, 5, -3], [0, 0, 0], 2), 1e-15);
        ReferenceHuber.Backward([1, 5, -3], [0, 0, 0], 2, dx);
        Assert.Equal([1 / 3.0, 2 / 3.0, -2 / 3.0], dx);
        foreach (double delta in new[] { 0.15, 1, 10 })
        {
            Check($"Huber {delta}", x => ReferenceHuber.Forward(x, s_targets, delta),
                (x, g) => ReferenceHuber.Backward(x, s_targets, delta, g));
        }
    }

    [Fact]
    public void Binary_cross_entropy_with_positive_weights_by_hand()
    {
        double[] weights = [3, 1, 2, 0, 0.5, 4];

        // σ(ln 3) = ¾: −2·¼·log ¾ − ¾·log ¼.
        Assert.Equal((-0.5 * Math.Log(0.75)) - (0.75 * Math.Log(0.25)),
            ReferenceBinaryCrossEntropy.Forward([Math.Log(3)], [0.25], [2]), 1e-15);
        Assert.Equal(ReferenceBinaryCrossEntropy.Forward(s_logits, s_targets),
            ReferenceBinaryCrossEntropy.Forward(s_logits, s_targets, [1, 1, 1, 1, 1, 1]), 1e-15);
        Check("BCE", x => ReferenceBinaryCrossEntropy.Forward(x, s_targets, weights),
            (x, g) => ReferenceBinaryCrossEntropy.Backward(x, s_targets, weights, g));
    }

    [Fact]
    public void Focal_loss_of_yes_and_no_by_hand()
    {
        // σ(ln 3) = ¾: α·(1 − ¾)²·−log ¾ for a yes, (1 − α)·(¾)²·−log ¼ for a no.
        double z = Math.Log(3);
        Assert.Equal(-0.25 / 16 * Math.Log(0.75), ReferenceFocal.Forward([z], [1], 2, 0.25), 1e-15);
        Assert.Equal(-0.75 * 9 / 16 * Math.Log(0.25), ReferenceFocal.Forward([z], [0], 2, 0.25), 1e-15);
        Assert.Equal(ReferenceBinaryCrossEntropy.Forward(s_logits, s_targets), ReferenceFocal.Forward(s_logits, s_targets, 0, null), 1e-15);
        foreach (double gamma in new[] { 0, 0.5, 1, 2, 5 })
        {
            Check($"focal {gamma}", x => ReferenceFocal.Forward(x, s_targets, gamma, 0.25),
                (x, g) => ReferenceFocal.Backward(x, s_targets, gamma, 0.25, g));
        }
    }

    [Fact]
    public void Focal_loss_of_classes_by_hand()
    {
        // Probabilities 1/8 2/8 5/8 with label 2.
        double[] logits = [0, Math.Log(2), Math.Log(5)];
        Assert.Equal(-9 / 64.0 * Math.Log(5 / 8.0), ReferenceFocal.OfClasses(3, logits, [2], 2)[0], 1e-15);
        Assert.Equal(-Math.Log(5 / 8.0), ReferenceFocal.OfClasses(3, logits, [2], 0)[0], 1e-15);
        foreach (double gamma in new[] { 0, 0.5, 1, 2, 5 })
        {
            Check($"focal classes {gamma}", x => ReferenceFocal.OfClasses(3, x, [2, 0], gamma).Sum(),
                (x, g) => ReferenceFocal.BackwardOfClasses(3, x, [2, 0], gamma, g));
        }
    }

    [Fact]
    public void Dice_by_hand()
    {
        // p = ½ and ¾; Σ p·t = ¾, Σ p + Σ t = 9/4: 1 − (3/2 + 1) / (9/4 + 1).
        Assert.Equal(1 - (2.5 / 3.25), ReferenceDice.Forward(1, false, [0, Math.Log(3)], [0, 1], 1), 1e-15);

        // Softmax ½ ½ and ¼ ¾ with the classes 0 and 1: classes with Σ p·t = ½ and ¾, Σ p + Σ t = 7/4 and 9/4.
        Assert.Equal(1 - (((2 / 2.75) + (2.5 / 3.25)) / 2), ReferenceDice.Forward(2, true, [5, 5, 0, Math.Log(3)], [1, 0, 0, 1], 1), 1e-15);
        foreach (int classes in new[] { 1, 2, 3 })
        {
            foreach (bool isSoftmax in new[] { false, true })
            {
                Check($"Dice {classes} {isSoftmax}", x => ReferenceDice.Forward(classes, isSoftmax, x, s_targets, 0.5),
                    (x, g) => ReferenceDice.Backward(classes, isSoftmax, x, s_targets, 0.5, g));
            }
        }
    }

    [Fact]
    public void Targets_of_cross_entropy_by_hand()
    {
        double[] weights = [1, 2, 3], rows = [1, 2, 1];
        double[] labels = ReferenceCrossEntropyTargets.OfLabels([2, 0, 9], weights, rows, 0.3, 9, out double weight);
        Assert.Equal([0.1, 0.2, 0.3 + 2.1, 0.2 + 1.4, 0.4, 0.6, 0, 0, 0], labels, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(3 + 2, weight);
        double[] numbers = ReferenceCrossEntropyTargets.OfNumbers([0.5, 0.5, 0], weights, [2], 0.3, out weight);
        Assert.Equal([2 * 0.45, 4 * 0.45, 6 * 0.1], numbers, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(2, weight);
    }

    private static void Check(string what, Func<double[], double> forward, Action<double[], double[]> backward)
    {
        double[] x = [.. s_logits], dx = new double[x.Length];
        backward(x, dx);
        GradientCheck.AssertNone([.. GradientCheck.Failures(what, x, dx, 1e-4, 20, () => (forward(x), 100))], x.Length);
    }
}
