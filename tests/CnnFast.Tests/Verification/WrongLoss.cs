using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Tests.Verification;

/// <summary>A mean squared error that forgets its factor 2 for the last value.</summary>
internal sealed class WrongLoss : ILoss
{
    private readonly MeanSquaredError _right = new();

    public LossInput Input => LossInput.Output;

    public IReadOnlyList<TargetInfo> TargetsFor(Shape output) => _right.TargetsFor(output);

    public LossSum Compute(in LossBatch batch)
    {
        LossSum sum = _right.Compute(batch);
        if (!batch.Gradient.IsEmpty)
            batch.Gradient[^1] /= 2;
        return sum;
    }
}
