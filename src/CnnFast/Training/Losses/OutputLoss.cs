using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>A loss at work on the outputs of a plan, again and again.</summary>
internal sealed class OutputLoss(ILoss loss, int sampleLength, int maxBatch)
{
    private readonly AlignedBuffer<float> _predictions = new(new Shape(maxBatch, sampleLength).ElementCount);

    /// <summary>The sum of the losses of a batch; the gradient is that of their mean.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="batch">The targets.</param>
    /// <param name="outputs">What the model computed.</param>
    /// <param name="gradient">Receives the gradient; empty where it is not wanted.</param>
    public double Run(IWorkScheduler scheduler, Batch batch, ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run(scheduler, batch.Count, batch.Labels(), batch.Values(), outputs, gradient);

    /// <summary>The same with the targets apart.</summary>
    public double Run(IWorkScheduler scheduler, int count, ReadOnlySpan<int> labels, ReadOnlySpan<float> values,
        ReadOnlySpan<float> outputs, Span<float> gradient) =>
        loss.Compute(new LossBatch
        {
            Scheduler = scheduler,
            Count = count,
            Labels = labels,
            Values = values,
            Outputs = outputs,
            Predictions = _predictions.Span[..outputs.Length],
            Gradient = gradient,
            GradientScale = 1f / count,
        });

    /// <summary>
    /// How many samples have their largest output at their label, the first of equal ones; null unless every sample has one label and
    /// more than one output.
    /// </summary>
    public static int? CountCorrect(int count, ReadOnlySpan<float> rows, ReadOnlySpan<int> labels)
    {
        int classes = rows.Length / count;
        if (labels.Length != count || classes < 2)
            return null;
        int correct = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = rows.Slice(i * classes, classes);
            int best = 0;
            for (int k = 1; k < classes; k++)
            {
                if (row[k] > row[best])
                    best = k;
            }

            if (best == labels[i])
                correct++;
        }

        return correct;
    }
}
