namespace CnnFast.Training;

/// <summary>The losses that a learning-rate range test met as the learning rate rose. Immutable.</summary>
public sealed record LearningRateCurve
{
    // Points that a line needs to have a slope that is more than the noise of two.
    private const int LeastWindow = 3;

    // Of the loss at the start: what the fall of a loss near 0 is a part of.
    private const double LeastPart = 0.2;

    private readonly int _steps;

    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points, bool diverged, int steps = 0)
    {
        Points = points;
        Diverged = diverged;
        _steps = Math.Max(steps, points.Count);
    }

    /// <summary>The steps, by rising learning rate.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>Whether the test ended before the largest learning rate because the loss rose too far or was no finite number.</summary>
    public bool Diverged { get; }

    /// <summary>
    /// A learning rate to train with: where the loss falls most steeply before it is lowest, in parts of itself over the logarithm of the
    /// learning rate. A line is fitted through the losses of the batches in every window of a fifth of the steps, and its slope divided by
    /// their mean (at least a fifth of the loss at the start), so that neither the noise of single batches nor a start far off nor what is
    /// left near 0 decides; the middle of the steepest window is it. The first tenth of the steps, where averages know few batches, is left
    /// out. Losses below 0 are compared as they are. Null where the loss does not fall. The range test is Smith's
    /// ("Cyclical learning rates for training neural networks", 2017), the steepest fall fastai's; on the nets and tasks of the tests it is
    /// within a factor of 10 of what trains best.
    /// </summary>
    public float? Suggestion
    {
        get
        {
            int first = FirstIndex, lowest = LowestIndex;
            int window = Math.Max(LeastWindow, Math.Min(_steps / 5, lowest + 1 - first));
            double start = Points.Take(Math.Max(first, 1)).Select(point => point.Loss).DefaultIfEmpty().Average();
            double? least = Points.All(point => point.Loss >= 0) ? LeastPart * start : null;
            float? found = null;
            double steepest = 0;
            for (int i = first; i + window <= lowest + 1; i++)
            {
                double slope = Slope(i, window, least);
                if (slope < steepest)
                    (found, steepest) = (Points[i + (window / 2)].LearningRate, slope);
            }

            return found;
        }
    }

    /// <summary>
    /// The learning rate where the smoothed loss is lowest after the first tenth of the steps, at the edge of divergence; null where there
    /// is no step.
    /// </summary>
    public float? LowestLearningRate => Points.Count == 0 ? null : Points[LowestIndex].LearningRate;

    private int FirstIndex => Math.Max(0, Math.Min(_steps / 10, Points.Count - 1));

    private int LowestIndex
    {
        get
        {
            int lowest = FirstIndex;
            for (int i = lowest + 1; i < Points.Count; i++)
            {
                if (Points[i].SmoothedLoss < Points[lowest].SmoothedLoss)
                    lowest = i;
            }

            return lowest;
        }
    }

    // Of the line of least squares through the losses of some steps, over the logarithm of the learning rate; in parts of their mean, but
    // of no less than some loss, unless that is null.
    private double Slope(int start, int count, double? least)
    {
        double rate = 0, loss = 0, above = 0, below = 0;
        for (int i = start; i < start + count; i++)
        {
            rate += Math.Log(Points[i].LearningRate) / count;
            loss += Points[i].Loss / count;
        }

        for (int i = start; i < start + count; i++)
        {
            double distance = Math.Log(Points[i].LearningRate) - rate;
            above += distance * (Points[i].Loss - loss);
            below += distance * distance;
        }

        return above / below / (least is { } part ? Math.Max(loss, part) : 1);
    }
}
