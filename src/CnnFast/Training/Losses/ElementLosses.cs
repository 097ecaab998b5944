using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>Losses of elements: of a sample the mean over its elements, under <see cref="LossReduction.Sum"/> their sum.</summary>
internal static class ElementLosses
{
    /// <summary>The losses of a batch, and their gradient.</summary>
    public static LossSum Compute<TLoss>(in LossBatch batch, LossReduction reduction, in TLoss loss,
        ReadOnlySpan<float> positiveWeights = default)
        where TLoss : unmanaged, IElementLoss
    {
        double weight = batch.TotalWeight;
        bool isSum = reduction == LossReduction.Sum;
        double sum = ElementLossOperator<TLoss>.Default.Run(batch.Scheduler, loss, new ElementLossArguments
        {
            Count = batch.Count,
            Outputs = batch.Outputs,
            Targets = batch.Values,
            Labels = batch.Labels,
            SampleWeights = batch.SampleWeights,
            PositiveWeights = positiveWeights,
            Gradient = batch.Gradient,
            Scale = batch.ScaleOf(reduction, weight) / (isSum ? 1 : batch.SampleLength),
        });
        return isSum ? new LossSum(sum, weight * batch.SampleLength) : new LossSum(sum / batch.SampleLength, weight);
    }
}
