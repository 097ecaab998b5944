using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Options of losses: values by hand, gradients as central differences of the values, and what is refused.</summary>
public sealed class LossOptionTests
{
    private static readonly float[] s_outputs = [0.5f, -1, 2, 0.25f, 1.5f, -0.75f, -2, 0.1f, 0.9f, 1.1f, -0.3f, 0.7f];
    private static readonly float[] s_values = [0, 1, 0.5f, 0.25f, 1, 0, 0.75f, 1, 0, 0, 1, 0.5f];
    private static readonly float[] s_shares = [0, 1, 0, 0.5f, 0.25f, 0.25f, 0.125f, 0, 0.875f, 0.3f, 0.3f, 0.4f];

    public static TheoryData<string> All => [.. Losses().Select(loss => loss.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void The_gradient_is_that_of_the_batch(string name)
    {
        Case test = Losses().Single(loss => loss.Name == name);
        foreach (float[] weights in new float[][] { [], [2, 0.5f] })
        {
            foreach (float scale in new[] { 1f, 0.25f })
            {
                float[] x = [.. s_outputs], gradient = new float[x.Length];
                double at = Loss(test, x, weights, gradient, scale);
                Assert.Equal(at, Loss(test, x, weights, [], scale));
                for (int i = 0; i < x.Length; i++)
                {
                    const float Step = 1f / 128;
                    x[i] = s_outputs[i] + Step;
                    double plus = Loss(test, x, weights, [], scale);
                    x[i] = s_outputs[i] - Step;
                    double minus = Loss(test, x, weights, [], scale);
                    x[i] = s_outputs[i];
                    Assert.Equal((plus - minus) / (2 * Step) * scale, gradient[i], 2e-3 * scale);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_sample_that_counts_twice_is_two_samples(string name)
    {
        Case test = Losses().Single(loss => loss.Name == name);
        int half = s_outputs.Length / 2, labels = test.Labels.Length / 2;
        LossSum weighted = Sum(test, s_outputs, [1, 2], [], 1);
        var repeated = test with
        {
            Labels = [.. test.Labels, .. test.Labels[labels..]],
            Values = [.. test.Values, .. test.Values.Skip(half)],
        };
        LossSum sum = Sum(repeated, [.. s_outputs, .. s_outputs[half..]], [], [], 1, count: 3);
        Assert.Equal(sum.Sum, weighted.Sum, 1e-5);
        Assert.Equal(sum.Weight, weighted.Weight, 1e-6);
        Assert.Equal(0, Sum(test, s_outputs, [0, 0], new float[s_outputs.Length], 1).Mean);
    }

    [Fact]
    public void Dice_of_too_many_classes_is_refused_before_a_step()
    {
        foreach (ILoss loss in new ILoss[] { new SoftmaxDice(), new SigmoidDice() })
        {
            Assert.NotEmpty(loss.TargetsFor(new Shape(2, 1024)));
            Assert.Equal($"{loss.GetType().Name}: the output of a sample has the shape [2, 1025], which is 1025 classes; expected at " +
                "most 1024, last.", Assert.Throws<ShapeException>(() => loss.TargetsFor(new Shape(2, 1025))).Message);
        }
    }

    [Fact]
    public void A_sum_is_that_of_all_values_as_in_PyTorch()
    {
        // Two samples of three values. Expected: the formulas of torch.nn.functional with reduction="sum", summed in double.
        float[] y = [1, -2, 0.5f, 3, 0, -1], t = [0, 1, 0.5f, 1, 0, 1];
        double Sum(Func<double, double, double> value) => y.Zip(t, (a, b) => value(a, b)).Sum();
        double Log1pExp(double a) => Math.Log(1 + Math.Exp(a));
        double Bce(double a, double b) => (b * Log1pExp(-a)) + ((1 - b) * Log1pExp(a));
        double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
        double Focal(double a, double b) => Math.Pow(Math.Abs(b - Sigmoid(a)), 2) * Bce(a, b) * ((0.25 * b) + (0.75 * (1 - b)));
        int[] labels = [2, 0];
        double LogSoftmax(int row, int c) => y[(3 * row) + c] - Math.Log(y.Skip(3 * row).Take(3).Sum(value => Math.Exp(value)));
        float[] shares = [0.5f, 0.25f, 0.25f, 0, 1, 0], ones = [0, 1, 0, 1, 0, 1];
        Check(new MeanSquaredError { Reduction = LossReduction.Sum }, [], t, 1 + 9 + 0 + 4 + 0 + 4, 6);
        Check(new MeanAbsoluteError { Reduction = LossReduction.Sum }, [], t, 1 + 3 + 0 + 2 + 0 + 2, 6);
        Check(new Huber { Reduction = LossReduction.Sum }, [], t, 0.5 + 2.5 + 0 + 1.5 + 0 + 1.5, 6);
        Check(new BinaryCrossEntropy { Reduction = LossReduction.Sum }, [], t, Sum(Bce), 6);
        Check(new BinaryCrossEntropy { Reduction = LossReduction.Sum, PositiveWeights = [3] }, [], t,
            Sum((a, b) => (3 * b * Log1pExp(-a)) + ((1 - b) * Log1pExp(a))), 6);
        t = ones;
        Check(new SigmoidFocal { Reduction = LossReduction.Sum }, [], ones, Sum(Focal), 6);
        Check(new SoftmaxCrossEntropy { Reduction = LossReduction.Sum }, labels, [], -LogSoftmax(0, 2) - LogSoftmax(1, 0), 2);
        Check(new SoftmaxCrossEntropy { Reduction = LossReduction.Sum }, [], shares,
            -shares.Select((share, i) => share * LogSoftmax(i / 3, i % 3)).Sum(), 2);
        Check(new SoftmaxCrossEntropy { Reduction = LossReduction.Sum, ClassWeights = [2, 1, 0.5f] }, labels, [],
            (-0.5 * LogSoftmax(0, 2)) - (2 * LogSoftmax(1, 0)), 2.5);
        Check(new SoftmaxFocal { Reduction = LossReduction.Sum, Gamma = 1 }, labels, [],
            -((1 - Math.Exp(LogSoftmax(0, 2))) * LogSoftmax(0, 2)) - ((1 - Math.Exp(LogSoftmax(1, 0))) * LogSoftmax(1, 0)), 2);
        Check(new NegativeLogLikelihood { Reduction = LossReduction.Sum }, labels, [], -0.5 - 3, 2);
        Check(new SigmoidDice { Reduction = LossReduction.Sum }, [], ones, Enumerable.Range(0, 2).Sum(sample => 1 -
            (Enumerable.Range(3 * sample, 3).Sum(i => ((2 * Sigmoid(y[i]) * ones[i]) + 1) / (Sigmoid(y[i]) + ones[i] + 1)) / 3)), 2);
        Check(new SoftmaxDice { Reduction = LossReduction.Sum }, labels, [], Enumerable.Range(0, 2).Sum(row => 1 -
            (Enumerable.Range(0, 3).Sum(c => Share(Math.Exp(LogSoftmax(row, c)), c == labels[row] ? 1 : 0)) / 3)), 2);

        // What the trial of a user computed beside PyTorch.
        Assert.Equal(12.25, LossTests.Compute(new MeanSquaredError { Reduction = LossReduction.Sum }, 2, [1, 2, 3, 0, 0.5f, 1],
            [0, 1, 0, 1, 0.5f, 1.5f], new float[6]).Sum);
        Assert.Equal(11.0904, LossTests.Compute(new BinaryCrossEntropy { Reduction = LossReduction.Sum }, 2, new float[16], new float[16],
            new float[16]).Sum, 1e-4);

        static double Share(double p, double t) => ((2 * p * t) + 1) / (p + t + 1);

        void Check(ILoss loss, int[] classes, float[] values, double expected, double count)
        {
            var gradient = new float[6];
            LossSum sum = new OutputLoss(loss).Run(new LossBatch
            {
                Count = 2,
                Outputs = y,
                SampleShape = new Shape(3),
                Labels = classes,
                Values = values,
                Gradient = gradient,
                GradientScale = 1,
            });
            Assert.Equal(expected, sum.Sum, 1e-5);
            Assert.Equal(expected, sum.Reduce(loss.Reduction), 1e-5);
            Assert.Equal(count, sum.Weight);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Focal_loss_without_focus_is_cross_entropy(bool weighted)
    {
        float[] x = s_outputs, weights = weighted ? [1, 0.5f, 3] : [], focal = new float[12], plain = new float[12];
        int[] labels = [2, 0, 1, 1];
        LossSum Run(ILoss loss, float[] gradient) => new OutputLoss(loss).Run(new LossBatch
        {
            Count = 4,
            Outputs = x,
            SampleShape = new Shape(3),
            Labels = labels,
            Gradient = gradient,
            GradientScale = 1,
        });
        LossSum sum = Run(new SoftmaxFocal { Gamma = 0, ClassWeights = weighted ? weights : null }, focal);
        LossSum expected = Run(new SoftmaxCrossEntropy { ClassWeights = weighted ? weights : null }, plain);

        // The mean of the focal loss divides by the rows, whatever the weights are, at every Gamma.
        Assert.Equal(expected.Sum, sum.Sum, 1e-6);
        Assert.Equal(4, sum.Weight);
        for (int i = 0; i < 12; i++)
            Assert.Equal(plain[i] * expected.Weight / 4, focal[i], 1e-6);
    }

    [Fact]
    public void Label_smoothing_and_class_weights_by_hand()
    {
        // PyTorch: F.cross_entropy(torch.zeros(2, 4), torch.tensor([0, 3]), torch.tensor([1., 2., 3., 4.]), label_smoothing=0.2).
        var loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.2f, ClassWeights = [1, 2, 3, 4] };
        var gradient = new float[8];
        LossSum sum = new OutputLoss(loss).Run(new LossBatch
        {
            Count = 2,
            Outputs = new float[8],
            SampleShape = new Shape(4),
            Labels = [0, 3],
            Gradient = gradient,
            GradientScale = 1,
        });
        double log4 = Math.Log(4);
        Assert.Equal(5, sum.Weight);
        Assert.Equal(((0.8 * 5) + (2 * 0.05 * 10)) * log4, sum.Sum, 1e-5);

        // Row 0: targets 0.85, 0.1, 0.15, 0.2, which sum to 1.3.
        Assert.Equal([(0.325f - 0.85f) / 5, (0.325f - 0.1f) / 5, (0.325f - 0.15f) / 5, (0.325f - 0.2f) / 5], gradient[..4],
            (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void A_batch_that_is_ignored_as_a_whole_has_no_loss_and_no_gradient()
    {
        var gradient = new float[6];
        foreach (ILoss loss in new ILoss[]
        {
            new SoftmaxCrossEntropy { IgnoredLabel = 255 }, new SoftmaxFocal { IgnoredLabel = 255 },
            new NegativeLogLikelihood { IgnoredLabel = 255 },
        })
        {
            LossSum sum = new OutputLoss(loss).Run(new LossBatch
            {
                Count = 2,
                Outputs = [1, 2, 3, float.NaN, 0, 1],
                SampleShape = new Shape(3),
                Labels = [255, 255],
                Gradient = gradient,
                GradientScale = 1,
            });
            Assert.Equal(default, sum);
            Assert.Equal(new float[6], gradient);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Refused("SoftmaxCrossEntropy: LabelSmoothing is 1.5; expected a number from 0 to 1.",
            () => new SoftmaxCrossEntropy { LabelSmoothing = 1.5f });
        Refused("SoftmaxCrossEntropy: a class weight is -1; expected a finite number of at least 0.",
            () => new SoftmaxCrossEntropy { ClassWeights = [1, -1] });
        Refused("BinaryCrossEntropy: a positive weight is NaN; expected a finite number of at least 0.",
            () => new BinaryCrossEntropy { PositiveWeights = [float.NaN] });
        Refused("SigmoidFocal: Gamma is -1; expected a number from 0 to 20.", () => new SigmoidFocal { Gamma = -1 });
        Refused("Huber: Delta is 0; expected a number from 1E-45 to 3.4028235E+38.", () => new Huber { Delta = 0 });
        Refused("SoftmaxDice: Smoothing is NaN; expected a number from 1E-45 to 3.4028235E+38.",
            () => new SoftmaxDice { Smoothing = float.NaN });
        Assert.Equal("SoftmaxCrossEntropy: 2 class weights were given for 3 classes; expected one a class.",
            Assert.Throws<ShapeException>(() => new SoftmaxCrossEntropy { ClassWeights = [1, 2] }.TargetsFor(new Shape(4, 4, 3))).Message);
        var two = new BinaryCrossEntropy { PositiveWeights = [1, 2] };
        Assert.Equal("BinaryCrossEntropy: 2 positive weights were given for outputs [4, 4, 3]; expected one, or 3.",
            Assert.Throws<ShapeException>(() => two.TargetsFor(new Shape(4, 4, 3))).Message);
        Assert.Equal("SoftmaxCrossEntropy: the output of a sample has the shape [1]; expected one value for each of at least two " +
            "classes, last.",
            Assert.Throws<ShapeException>(() => new SoftmaxCrossEntropy().TargetsFor(new Shape(1))).Message);
    }

    [Fact]
    public void A_logarithm_of_probabilities_is_what_the_negative_log_likelihood_reads() => Assert.Equal(
        "Trainer: NegativeLogLikelihood belongs to models that end in LogSoftmax; the model ends in Softmax 'softmax_1'.",
        Assert.Throws<ArgumentException>(() => new Trainer(
            new Sequential(new Dense(3), new Softmax()).Build(new Shape(2)), new Adam(), new NegativeLogLikelihood())).Message);

    [Fact]
    public void A_target_that_is_a_NaN_is_refused_where_targets_are_from_0_to_1()
    {
        foreach (ILoss loss in new ILoss[] { new BinaryCrossEntropy(), new SigmoidFocal(), new SigmoidDice() })
        {
            Assert.Equal($"{loss.GetType().Name}: a target is not from 0 to 1.", Assert.Throws<ArgumentOutOfRangeException>(() =>
                LossTests.Compute(loss, 1, [0, 1], [1, float.NaN], new float[2])).Message);
        }
    }

    [Theory]
    [InlineData(0.5f, 0.5f, 0, null)]
    [InlineData(1, 0, 0, null)]
    [InlineData(0.33f, 0.33f, 0.33f, null)]
    [InlineData(-0f, 1.0001f, 0, null)]
    [InlineData(1, 1, 0, "sum to 2, the smallest is 0")]
    [InlineData(0, 0, 0, "sum to 0, the smallest is 0")]
    [InlineData(-2, 5, 0.5f, "sum to 3.5, the smallest is -2")]
    [InlineData(-0.5f, 1, 0.5f, "sum to 1, the smallest is -0.5")]
    [InlineData(float.NaN, 1, 0, "sum to NaN, the smallest is NaN")]
    [InlineData(float.PositiveInfinity, 1, 0, "sum to Infinity, the smallest is 0")]
    public void Softmax_takes_distributions_alone(float first, float second, float third, string? found)
    {
        foreach (ILoss loss in new ILoss[] { new SoftmaxCrossEntropy(), new SoftmaxDice() })
        {
            Exception? refusal = Record.Exception(() =>
                LossTests.Compute(loss, 2, new float[6], [0, 1, 0, first, second, third], new float[6]));
            if (found is null)
                Assert.Null(refusal);
            else
                Assert.Equal($"{loss.GetType().Name}: the targets of row 1 {found}; expected a distribution, numbers of at least 0 that " +
                    "sum to 1 within 0.02 (several labels at once are for Sigmoid and BinaryCrossEntropy).",
                    Assert.IsType<ArgumentOutOfRangeException>(refusal).Message);
        }
    }

    [Fact]
    public void Numbers_that_are_no_distribution_end_a_Fit_an_evaluation_and_a_step()
    {
        Model model = new Sequential(new Dense(3), new Softmax()).Build(new Shape(2), seed: 1);
        var data = new ArrayDataset(new Shape(2), [1, 2], new Shape(3), [-2, 5, 0.5f]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, new Adam()).Train(data, new FitOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => TinyData.Evaluate(model, data));
        var session = new TrainingSession(model, new TrainingSessionOptions { Losses = [new LossTerm(new SoftmaxCrossEntropy())] });
        session.Forward(1, [1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Loss([1, 1, 0f]));
    }

    [Fact]
    public void Mixed_and_smoothed_targets_of_many_classes_are_distributions()
    {
        const int Classes = 1000;
        var shares = new float[2 * Classes];
        shares.AsSpan(0, Classes).Fill(0.1f / Classes);
        shares[7] += 0.9f;
        shares[Classes] = 0.3f;
        shares[Classes + 5] = 1 - 0.3f;
        Assert.True(LossTests.Compute(new SoftmaxCrossEntropy(), 2, new float[2 * Classes], shares, new float[2 * Classes]).Sum > 0);
    }

    [Fact]
    public void Losses_allocate_nothing()
    {
        float[] gradient = new float[s_outputs.Length], weights = [1, 2];
        foreach (Case test in Losses())
            Assert.Equal(0, Testing.Allocations.Least(() => Sum(test, s_outputs, weights, gradient, 1)));
    }

    // Two samples of two pixels with three values.
    private static IEnumerable<Case> Losses()
    {
        foreach (LossReduction reduction in new[] { LossReduction.Mean, LossReduction.Sum })
        {
            yield return new Case($"MSE {reduction}", new MeanSquaredError { Reduction = reduction }, [], s_values);
            yield return new Case($"MAE {reduction}", new MeanAbsoluteError { Reduction = reduction }, [], s_values);
            yield return new Case($"Huber {reduction}", new Huber { Delta = 0.6f, Reduction = reduction }, [], s_values);
            yield return new Case($"BCE {reduction}", new BinaryCrossEntropy { Reduction = reduction, PositiveWeights = [1, 3, 0.5f] }, [],
                s_values);
            yield return new Case($"BCE labels {reduction}", new BinaryCrossEntropy { Reduction = reduction, PositiveWeights = [3] },
                [0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0], []);
            yield return new Case($"Focal {reduction}", new SigmoidFocal { Reduction = reduction },
                [0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0], []);
            yield return new Case($"Focal values {reduction}", new SigmoidFocal { Reduction = reduction, Gamma = 1, Alpha = null }, [],
                s_values);
            yield return new Case($"Dice {reduction}", new SigmoidDice { Reduction = reduction }, [], s_values);
            yield return new Case($"Dice labels {reduction}", new SigmoidDice { Reduction = reduction, Smoothing = 0.1f },
                [0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0], []);
            yield return new Case($"Softmax Dice {reduction}", new SoftmaxDice { Reduction = reduction }, [2, 0, 1, 1], []);
            yield return new Case($"Softmax Dice ignoring {reduction}", new SoftmaxDice { Reduction = reduction, IgnoredLabel = 9 },
                [2, 9, 1, 0], []);
            yield return new Case($"CE {reduction}", new SoftmaxCrossEntropy { Reduction = reduction }, [2, 0, 1, 1], []);
            yield return new Case($"CE options {reduction}", new SoftmaxCrossEntropy
            {
                Reduction = reduction,
                ClassWeights = [1, 0.5f, 3],
                LabelSmoothing = 0.1f,
                IgnoredLabel = -100,
            }, [2, 0, -100, 1], []);
            yield return new Case($"CE soft {reduction}",
                new SoftmaxCrossEntropy { Reduction = reduction, ClassWeights = [1, 0.5f, 3], LabelSmoothing = 0.1f }, [], s_shares);
            yield return new Case($"Softmax Dice soft {reduction}", new SoftmaxDice { Reduction = reduction }, [], s_shares);
            yield return new Case($"Softmax focal {reduction}",
                new SoftmaxFocal { Reduction = reduction, ClassWeights = [1, 0.5f, 3], IgnoredLabel = 7 }, [2, 0, 7, 1], []);
            yield return new Case($"NLL {reduction}",
                new NegativeLogLikelihood { Reduction = reduction, ClassWeights = [1, 0.5f, 3], IgnoredLabel = 7 }, [2, 0, 7, 1], []);
        }
    }

    private static void Refused(string message, Func<object> make) => Assert.StartsWith(message,
        Assert.Throws<ArgumentOutOfRangeException>(make).Message, StringComparison.Ordinal);

    private static double Loss(Case test, float[] x, float[] weights, float[] gradient, float scale) =>
        Sum(test, x, weights, gradient, scale).Reduce(test.Loss.Reduction);

    private static LossSum Sum(Case test, float[] x, float[] weights, float[] gradient, float scale, int count = 2) =>
        test.Runner.Run(new LossBatch
        {
            Count = count,
            Outputs = x,
            SampleShape = test.Shape,
            Labels = test.Labels,
            Values = test.Values,
            SampleWeights = weights,
            Gradient = gradient,
            GradientScale = scale,
        });

    private sealed record Case(string Name, ILoss Loss, int[] Labels, float[] Values)
    {
        public Shape Shape { get; } = new(2, 3);

        public OutputLoss Runner { get; } = new(Loss);
    }
}
