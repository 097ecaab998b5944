namespace CnnFast.Training;

/// <summary>The losses that a learning-rate range test met as the learning rate rose. Immutable.</summary>
public sealed record LearningRateCurve
{
    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points, bool diverged)
    {
        Points = points;
        Diverged = diverged;
    }

    /// <summary>The steps, by rising learning rate.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>Whether the test ended before the largest learning rate because the loss rose too far or was no finite number.</summary>
    public bool Diverged { get; }

    /// <summary>
    /// The learning rate where the smoothed loss falls most steeply over the logarithm of the learning rate, before it is lowest: a good
    /// largest one for a schedule. Null where the loss does not fall.
    /// </summary>
    public float? Suggestion
    {
        get
        {
            int lowest = LowestIndex;
            float? found = null;
            double steepest = 0;
            for (int i = 1; i < lowest; i++)
            {
                double rise = Points[i + 1].SmoothedLoss - Points[i - 1].SmoothedLoss;
                if (rise < steepest)
                    (found, steepest) = (Points[i].LearningRate, rise);
            }

            return found;
        }
    }

    /// <summary>The learning rate where the smoothed loss is lowest, at the edge of divergence; null where there is no step.</summary>
    public float? LowestLearningRate => Points.Count == 0 ? null : Points[LowestIndex].LearningRate;

    private int LowestIndex
    {
        get
        {
            int lowest = 0;
            for (int i = 1; i < Points.Count; i++)
            {
                if (Points[i].SmoothedLoss < Points[lowest].SmoothedLoss)
                    lowest = i;
            }

            return lowest;
        }
    }
}
