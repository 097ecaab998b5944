using CnnFast.Training;

namespace CnnFast.Verification;

/// <summary>A loss on fixed targets: its gradient, and that held against differences of its own values.</summary>
internal sealed class LossCheck(ILoss loss, Shape output, int batch, int[] labels, float[] values)
{
    // Losses compute in float: the step is wide, and two steps of different width remove what is left of the third derivative.
    private const float Step = 1f / 64;

    /// <summary>The gradient of the batch's loss by the outputs.</summary>
    public void Gradient(ReadOnlySpan<float> outputs, Span<float> gradient) => _ = Run(outputs, gradient);

    /// <summary>Holds a gradient against differences.</summary>
    public TensorGradient Check(string name, Shape shape, float[] outputs, ReadOnlySpan<float> gradient, int[] sample)
    {
        ElementError worst = ElementError.None;
        int kinks = 0;
        double loss = Run(outputs, default);
        foreach (int i in sample)
        {
            (double difference, double bound, bool isKink) = Difference(outputs, i, loss);
            ElementError error = ElementError.Of(i, gradient[i], difference, bound);
            if (!error.Holds && isKink)
                kinks++;
            else
                worst = worst.Max(error);
        }

        return new TensorGradient(name, name, GradientKind.Loss, shape) { Difference = worst, Sampled = sample.Length, Kinks = kinks };
    }

    private (double Value, double Bound, bool IsKink) Difference(float[] outputs, int i, double loss)
    {
        float y = outputs[i];
        float step = Step * Math.Max(1, Math.Abs(y));
        (double above, double below) = (At(outputs, i, y + step), At(outputs, i, y - step));
        (double farAbove, double farBelow) = (At(outputs, i, y + (2 * step)), At(outputs, i, y - (2 * step)));
        outputs[i] = y;
        double near = (above - below) / (2.0 * step);
        double far = (farAbove - farBelow) / (4.0 * step);
        double noise = 32 * Reference.ErrorBound.UnitRoundoff * (Math.Abs(loss) + Math.Abs(above) + Math.Abs(below)) / step;
        // A smooth loss has one-sided differences that come together with the step.
        double jump = Math.Abs(above - (2 * loss) + below) / step;
        double farJump = Math.Abs(farAbove - (2 * loss) + farBelow) / (2 * step);
        return (near + ((near - far) / 3), (2 * Math.Abs(near - far) / 3) + noise, jump > noise && jump > 0.75 * farJump);
    }

    private double At(float[] outputs, int i, float y)
    {
        outputs[i] = y;
        return Run(outputs, default);
    }

    private double Run(ReadOnlySpan<float> outputs, Span<float> gradient) => new OutputLoss(loss).Run(new LossBatch
    {
        Count = batch,
        Labels = labels,
        Values = values,
        Outputs = outputs,
        SampleShape = output,
        Gradient = gradient,
        GradientScale = 1,
    }).Reduce(loss.Reduction);
}
