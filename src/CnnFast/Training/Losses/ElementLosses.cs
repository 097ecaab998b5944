using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>Losses whose samples are the mean over their elements.</summary>
internal static class ElementLosses
{
    /// <summary>The losses of a batch, and their gradient.</summary>
    public static LossSum Compute<TLoss>(in LossBatch batch, LossReduction reduction, in TLoss loss,
        ReadOnlySpan<float> positiveWeights = default)
        where TLoss : unmanaged, IElementLoss
    {
        double weight = batch.TotalWeight;
        double sum = ElementLossOperator<TLoss>.Default.Run(batch.Scheduler, loss, new ElementLossArguments
        {
            Count = batch.Count,
            Outputs = batch.Outputs,
            Targets = batch.Values,
            Labels = batch.Labels,
            SampleWeights = batch.SampleWeights,
            PositiveWeights = positiveWeights,
            Gradient = batch.Gradient,
            Scale = batch.ScaleOf(reduction, weight) / batch.SampleLength,
        });
        return new LossSum(sum / batch.SampleLength, weight);
    }
}
