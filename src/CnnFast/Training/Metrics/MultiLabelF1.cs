using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// For models that say of each of several labels whether it applies: the mean over the labels (the last dimension of the output) of
/// F1 = 2·TP / (2·TP + FP + FN); of one label, its F1. An output says yes above the probability 0.5, which is the logit 0, and so does a
/// target. Labels that are neither given nor predicted in any sample are left out of the mean. An output that is NaN counts as the wrong
/// answer.
/// </summary>
public sealed class MultiLabelF1 : IMetric
{
    /// <inheritdoc/>
    public string Name => "multi_label_f1";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input) =>
        !target.IsLabels && output == target.Shape && output.Rank > 0 && input != LossInput.SoftmaxLogits
            ? new Counter(output[output.Rank - 1], YesRule.ThresholdOf(input))
            : null;

    private sealed class Counter(int labels, float threshold) : IMetricCounter
    {
        private readonly ClassCounts _counts = new(labels);

        public double Value => _counts.MacroF1();

        public void Add(in MetricBatch batch)
        {
            for (int i = 0; i < batch.Values.Length; i++)
            {
                bool actual = YesRule.IsYes(batch.Values[i]);
                float output = batch.Outputs[i];
                _counts.Add(i % labels, actual, float.IsNaN(output) ? !actual : output > threshold);
            }
        }
    }
}
