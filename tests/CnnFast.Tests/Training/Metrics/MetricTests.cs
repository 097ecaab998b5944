using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Metrics, each computed by hand.</summary>
public sealed class MetricTests
{
    private const float NaN = float.NaN;

    private static readonly Shape Three = new(3);
    private static readonly TargetInfo ThreeClasses = TargetInfo.Labels(3);

    // Predictions 0, 1 (first of a tie), 2, none, 0 (first of three), and one that is left out.
    private static readonly float[] Rows = [3, 1, 2, 0, 5, 5, -9, -8, -7, 1, NaN, 0, 4, 4, 4, 0, 0, 9];
    private static readonly int[] Labels = [0, 1, 1, 0, 2, -1];

    [Fact]
    public void Accuracy_of_labels_takes_the_first_of_equal_outputs_and_leaves_ignored_labels_out()
    {
        // Right: the first and the second of five.
        Assert.Equal(2 / 5.0, Measure(new Accuracy(), Three, ThreeClasses, LossInput.SoftmaxLogits, Rows, Labels));
        Assert.Equal(2 / 4.0, Measure(new Accuracy(), Three, ThreeClasses, LossInput.SoftmaxLogits, Rows, Labels, ignored: 2));
    }

    [Fact]
    public void A_row_with_a_NaN_is_wrong_whatever_its_label()
    {
        foreach (int label in new[] { 0, 1, 2 })
        {
            foreach (int place in new[] { 0, 1, 2 })
            {
                float[] row = [1, 1, 1];
                row[place] = NaN;
                Assert.Equal(0, Measure(new Accuracy(), Three, ThreeClasses, LossInput.Output, row, [label]));
                Assert.Equal(0, Measure(new TopKAccuracy(2), Three, ThreeClasses, LossInput.Output, row, [label]));
                Assert.Equal(0, Measure(new MacroF1(), Three, ThreeClasses, LossInput.Output, row, [label]));
                Assert.Equal(0, Measure(new MeanIoU(), Three, ThreeClasses, LossInput.Output, row, [label]));
            }
        }
    }

    [Fact]
    public void Infinities_are_ordered_like_other_outputs()
    {
        float[] rows = [float.NegativeInfinity, float.NegativeInfinity, 0, 0, float.PositiveInfinity, float.PositiveInfinity];
        Assert.Equal(1, Measure(new Accuracy(), Three, ThreeClasses, LossInput.SoftmaxLogits, rows, [2, 1]));
    }

    [Fact]
    public void Accuracy_of_pixels_counts_each()
    {
        // A sample of 1×2 pixels with 2 classes: predictions 1, 0, then 1, 1.
        float[] outputs = [0, 1, 1, 0, 0, 1, 0, 1];
        var target = TargetInfo.Labels(new Shape(1, 2), 2);
        Assert.Equal(2 / 3.0, Measure(new Accuracy(), new Shape(1, 2, 2), target, LossInput.SoftmaxLogits, outputs, [1, 1, 255, 1],
            ignored: 255));
    }

    [Fact]
    public void Accuracy_of_yes_and_no_takes_the_logit_0_and_the_probability_0_5_as_no()
    {
        float[] logits = [0.1f, -0.1f, 0, NaN, 2, NaN];
        float[] targets = [1, 0, 0, 0, 0, 1];
        Assert.Equal(3 / 6.0, Measure(new Accuracy(), Three, TargetInfo.Values(Three), LossInput.SigmoidLogits, logits, targets));

        // One output and labels of two classes.
        float[] outputs = [0.6f, 0.5f, 0.4f, NaN];
        Assert.Equal(2 / 4.0, Measure(new Accuracy(), new Shape(1), TargetInfo.Labels(2), LossInput.Output, outputs, [1, 1, 0, 0]));
        Assert.Equal(1 / 4.0, Measure(new Accuracy(), new Shape(1), TargetInfo.Labels(2), LossInput.SigmoidLogits, outputs, [1, 0, 0, 0]));
    }

    [Fact]
    public void Accuracy_of_distributions_compares_the_largest()
    {
        float[] outputs = [1, 2, 3, 3, 2, 1, NaN, 0, 0];
        float[] targets = [0.2f, 0.2f, 0.6f, 0.1f, 0.8f, 0.1f, 1, 0, 0];
        Assert.Equal(1 / 3.0, Measure(new Accuracy(), Three, TargetInfo.Values(Three), LossInput.SoftmaxLogits, outputs, targets));
    }

    [Fact]
    public void Top_k_counts_the_first_of_equal_outputs_as_the_larger()
    {
        // Places of the labels: 0, 1 (tied, second), none, 2, 2.
        float[] rows = [9, 1, 2, 0, 5, 5, 1, NaN, 0, 4, 4, 4, 3, 2, 1];
        int[] labels = [0, 2, 0, 2, 2];
        Assert.Equal(1 / 5.0, Measure(new TopKAccuracy(1), Three, ThreeClasses, LossInput.SoftmaxLogits, rows, labels));
        Assert.Equal(2 / 5.0, Measure(new TopKAccuracy(2), Three, ThreeClasses, LossInput.SoftmaxLogits, rows, labels));
        Assert.Equal("top_2_accuracy", new TopKAccuracy(2).Name);
        Assert.Null(new TopKAccuracy(3).Start(Three, ThreeClasses, LossInput.SoftmaxLogits));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKAccuracy(0));
    }

    [Fact]
    public void Macro_F1_and_mean_IoU_leave_out_classes_that_do_not_occur()
    {
        // Of 4 classes: labels 0 0 1 1, predictions 0 1 1 none. Class 0: TP 1, FN 1; class 1: TP 1, FP 1, FN 1; 2 and 3 do not occur.
        float[] rows = [1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, NaN, 0, 0, 0];
        int[] labels = [0, 0, 1, 1];
        double f1 = ((2 / 3.0) + (2 / 4.0)) / 2;
        double iou = ((1 / 2.0) + (1 / 3.0)) / 2;
        var target = TargetInfo.Labels(4);
        Assert.Equal(f1, Measure(new MacroF1(), new Shape(4), target, LossInput.SoftmaxLogits, rows, labels), 1e-15);
        Assert.Equal(iou, Measure(new MeanIoU(), new Shape(4), target, LossInput.SoftmaxLogits, rows, labels), 1e-15);

        // A class that is predicted once and never a label counts as 0.
        rows[13] = 9;
        rows[12] = 0;
        rows[13 - 4 - 4] = 0;
        rows[7] = 1;
        f1 = ((2 / 3.0) + 1 + 0) / 3;
        iou = ((1 / 2.0) + 1 + 0) / 3;
        Assert.Equal(f1, Measure(new MacroF1(), new Shape(4), target, LossInput.SoftmaxLogits, rows, labels), 1e-15);
        Assert.Equal(iou, Measure(new MeanIoU(), new Shape(4), target, LossInput.SoftmaxLogits, rows, labels), 1e-15);
    }

    [Fact]
    public void Multi_label_F1_is_the_mean_over_the_labels_that_occur()
    {
        // Label 0: yes, yes, no against yes, no, yes. Label 1: never. Label 2: no answer where the target is yes, then where it is no.
        float[] logits = [1, -1, NaN, -1, -2, NaN, 1, 0, -1];
        float[] targets = [1, 0, 1, 1, 0, 0, 0, 0, 0];
        double first = 2 * 1 / (2.0 + 1 + 1);
        var three = TargetInfo.Values(Three);
        Assert.Equal((first + 0) / 2, Measure(new MultiLabelF1(), Three, three, LossInput.SigmoidLogits, logits, targets));

        // Probabilities, and a single label.
        Assert.Equal(2 / 3.0, Measure(new MultiLabelF1(), new Shape(1), TargetInfo.Values(new Shape(1)), LossInput.Output,
            [0.6f, 0.5f, 0.2f], new float[] { 1, 1, 0 }), 1e-15);
    }

    [Fact]
    public void Errors_of_numbers_by_hand_and_NaN_shows()
    {
        float[] outputs = [1, 2, 3, 4, 5, 6];
        float[] targets = [1, 0, 4, 8, 5, 6];
        var target = TargetInfo.Values(Three);
        Assert.Equal(7 / 6.0, Measure(new MeanAbsoluteErrorMetric(), Three, target, LossInput.Output, outputs, targets), 1e-15);
        Assert.Equal(Math.Sqrt(21 / 6.0), Measure(new RootMeanSquaredError(), Three, target, LossInput.Output, outputs, targets), 1e-15);
        outputs[4] = NaN;
        Assert.Equal(double.NaN, Measure(new MeanAbsoluteErrorMetric(), Three, target, LossInput.Output, outputs, targets));
        Assert.Equal(double.NaN, Measure(new RootMeanSquaredError(), Three, target, LossInput.Output, outputs, targets));
    }

    [Fact]
    public void Metrics_say_where_they_do_not_apply()
    {
        IMetric[] ofLabels = [new Accuracy(), new TopKAccuracy(1), new MacroF1(), new MeanIoU()];
        IMetric[] ofNumbers = [new MeanAbsoluteErrorMetric(), new RootMeanSquaredError()];
        var numbers = TargetInfo.Values(Three);
        foreach (IMetric metric in ofLabels)
        {
            Assert.True(metric.HigherIsBetter);
            Assert.NotNull(metric.Start(Three, ThreeClasses, LossInput.SoftmaxLogits));
            Assert.NotNull(metric.Start(new Shape(1, 1, 3), ThreeClasses, LossInput.SoftmaxLogits));
            Assert.Null(metric.Start(Three, numbers, LossInput.Output));
            Assert.Null(metric.Start(new Shape(4), ThreeClasses, LossInput.SoftmaxLogits));
            Assert.Null(metric.Start(new Shape(2, 2, 3), ThreeClasses, LossInput.SoftmaxLogits));
        }

        foreach (IMetric metric in ofNumbers)
        {
            Assert.False(metric.HigherIsBetter);
            Assert.NotNull(metric.Start(Three, numbers, LossInput.Output));
            Assert.Null(metric.Start(Three, numbers, LossInput.SigmoidLogits));
            Assert.Null(metric.Start(Three, ThreeClasses, LossInput.Output));
            Assert.Null(metric.Start(new Shape(1, 3), numbers, LossInput.Output));
        }

        Assert.Null(new MultiLabelF1().Start(Three, ThreeClasses, LossInput.SoftmaxLogits));
        Assert.Null(new MultiLabelF1().Start(Three, numbers, LossInput.SoftmaxLogits));
        Assert.Null(new Accuracy().Start(new Shape(1), TargetInfo.Labels(2), LossInput.SoftmaxLogits));
    }

    [Fact]
    public void Nothing_counted_is_NaN_and_a_label_out_of_range_is_refused()
    {
        foreach (IMetric metric in new IMetric[] { new Accuracy(), new TopKAccuracy(1), new MacroF1(), new MeanIoU() })
        {
            Assert.Equal(double.NaN, Measure(metric, Three, ThreeClasses, LossInput.SoftmaxLogits, [1, 2, 3], [-1]));
            var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
                Measure(metric, Three, ThreeClasses, LossInput.SoftmaxLogits, [1, 2, 3, 4, 5, 6], [0, 3]));
            Assert.StartsWith("Metric: label 1 of the batch is 3; expected one from 0 to 2.", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Batches_allocate_nothing_and_add_up()
    {
        IMetric[] metrics = [new Accuracy(), new TopKAccuracy(2), new MacroF1(), new MeanIoU(), new MultiLabelF1(),
            new MeanAbsoluteErrorMetric(), new RootMeanSquaredError()];
        float[] values = [.. Rows.Select(value => value > 1 ? 1f : 0f)];
        foreach (IMetric metric in metrics)
        {
            bool takesLabels = metric.Start(Three, ThreeClasses, LossInput.Output) is not null;
            IMetricCounter counter = metric.Start(Three, takesLabels ? ThreeClasses : TargetInfo.Values(Three), LossInput.Output)!;
            MetricBatch batch = takesLabels
                ? new MetricBatch { Count = 6, Outputs = Rows, Labels = Labels }
                : new MetricBatch { Count = 6, Outputs = values, Values = values };
            counter.Add(batch);
            double once = counter.Value;
            long before = GC.GetAllocatedBytesForCurrentThread();
            counter.Add(batch);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(once, counter.Value);
        }
    }

    private static double Measure(IMetric metric, Shape output, TargetInfo target, LossInput input, float[] outputs, int[] labels,
        int? ignored = null)
    {
        IMetricCounter counter = metric.Start(output, target, input)!;
        int count = outputs.Length / output.ElementCount;
        counter.Add(new MetricBatch { Count = count, Outputs = outputs, Labels = labels, IgnoredLabel = ignored });
        return counter.Value;
    }

    private static double Measure(IMetric metric, Shape output, TargetInfo target, LossInput input, float[] outputs, float[] targets)
    {
        IMetricCounter counter = metric.Start(output, target, input)!;
        counter.Add(new MetricBatch { Count = outputs.Length / output.ElementCount, Outputs = outputs, Values = targets });
        return counter.Value;
    }
}
