using System.Runtime.InteropServices;
using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>A loss at work on the outputs of a plan, again and again.</summary>
/// <param name="loss">The loss.</param>
internal sealed class OutputLoss(ILoss loss)
{
    // A NaN that no arithmetic makes by itself: what a loss has not written.
    private const int Unwritten = 0x7FC0_1057;

    /// <summary>The loss.</summary>
    public ILoss Loss => loss;

    /// <summary>The losses of a batch, and the gradient of its loss.</summary>
    /// <exception cref="InvalidOperationException">The loss left gradients unwritten.</exception>
    public LossSum Run(in LossBatch batch)
    {
        Span<int> bits = MemoryMarshal.Cast<float, int>(batch.Gradient);
        bits.Fill(Unwritten);
        LossSum sum = loss.Compute(batch);
        int unwritten = bits.IndexOf(Unwritten);
        return unwritten < 0 ? sum : throw new InvalidOperationException(
            $"{loss.GetType().Name}: value {unwritten % batch.SampleLength} of sample {unwritten / batch.SampleLength} got no gradient; " +
            "expected one for every output.");
    }

    /// <summary>Whether samples with such outputs and targets are counted as right or wrong.</summary>
    public static bool HasAccuracy(Shape output, TargetInfo target) =>
        target.IsLabels && target.Shape.ElementCount == 1 && output.ElementCount >= 2;

    /// <summary>
    /// How many samples have their largest output at their label, the first of equal ones; null unless every sample has one label and
    /// more than one output. What the loss leaves out counts neither way.
    /// </summary>
    /// <param name="count">The samples.</param>
    /// <param name="rows">Their outputs.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="counted">How many of them count.</param>
    public int? CountCorrect(int count, ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, out int counted)
    {
        counted = 0;
        int classes = rows.Length / count;
        if (labels.Length != count || classes < 2)
            return null;
        int correct = 0;
        int? ignored = loss.IgnoredLabel;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignored)
                continue;
            counted++;
            if (LabelRows.FirstLargest(rows.Slice(i * classes, classes)) == labels[i])
                correct++;
        }

        return correct;
    }
}
