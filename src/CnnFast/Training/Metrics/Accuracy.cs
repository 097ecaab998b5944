using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The part that is right, 0 to 1. Of labels (one a sample or one a pixel): those whose output is the largest, the first of equal ones.
/// Of distributions over classes: the samples (pixels) whose largest output is at the largest target. Of yes and no (a loss that reads
/// <see cref="LossInput.SigmoidLogits"/>): the single values, where an output says yes above the probability 0.5, which is the logit 0,
/// and so does a target. Outputs that are NaN are wrong. Other numbers have no accuracy.
/// </summary>
public sealed class Accuracy : IMetric
{
    /// <inheritdoc/>
    public string Name => "accuracy";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public IMetricCounter? Start(Shape output, TargetInfo target, LossInput input)
    {
        if (target.IsLabels)
            return LabelRows.Of(output, target, input) is { } rows ? new LabelCounter(rows) : null;
        if (output != target.Shape)
            return null;
        return input switch
        {
            LossInput.SigmoidLogits => new YesNoCounter(YesRule.ThresholdOf(input)),
            LossInput.SoftmaxLogits when output.Rank > 0 && output[output.Rank - 1] > 1 => new RowCounter(output[output.Rank - 1]),
            _ => null,
        };
    }

    private abstract class Counter : IMetricCounter
    {
        private long _right;
        private long _count;

        public double Value => (double)_right / _count;

        public abstract void Add(in MetricBatch batch);

        protected void Count(bool isRight)
        {
            _count++;
            if (isRight)
                _right++;
        }
    }

    private sealed class LabelCounter(LabelRows rows) : Counter
    {
        public override void Add(in MetricBatch batch)
        {
            for (int i = 0; i < batch.Labels.Length; i++)
            {
                if (rows.TryLabel(batch, i, out int label))
                    Count(rows.Predict(batch, i) == label);
            }
        }
    }

    private sealed class RowCounter(int classes) : Counter
    {
        public override void Add(in MetricBatch batch)
        {
            for (int start = 0; start < batch.Values.Length; start += classes)
            {
                int predicted = LabelRows.FirstLargest(batch.Outputs.Slice(start, classes));
                Count(predicted != LabelRows.NoClass && predicted == LabelRows.FirstLargest(batch.Values.Slice(start, classes)));
            }
        }
    }

    private sealed class YesNoCounter(float threshold) : Counter
    {
        public override void Add(in MetricBatch batch)
        {
            for (int i = 0; i < batch.Values.Length; i++)
                Count(!float.IsNaN(batch.Outputs[i]) && batch.Outputs[i] > threshold == YesRule.IsYes(batch.Values[i]));
        }
    }
}
