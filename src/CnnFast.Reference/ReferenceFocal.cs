namespace CnnFast.Reference;

/// <summary>
/// Focal loss in double (Lin et al., "Focal Loss for Dense Object Detection", 2017): of a yes or no with a sigmoid,
/// <c>J = 1/n · Σ a·(1 − p)^γ·CE</c> with <c>p = σ(z)·t + (1 − σ(z))·(1 − t)</c>, the binary cross-entropy CE and
/// <c>a = α·t + (1 − α)·(1 − t)</c>, as torchvision's sigmoid_focal_loss; and of one of several classes with a softmax,
/// <c>J = 1/rows · Σ −(1 − p)^γ·log p</c> with the probability p of the label. Thread-safe.
/// </summary>
public static class ReferenceFocal
{
    /// <summary>The mean loss of yes and no.</summary>
    /// <param name="logits">Values before the sigmoid.</param>
    /// <param name="targets">As many targets, from 0 to 1.</param>
    /// <param name="gamma">γ, at least 0.</param>
    /// <param name="alpha">α; null for a = 1.</param>
    /// <returns>The mean, in nats.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static double Forward(ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, double gamma, double? alpha)
    {
        SpanLength.RequireSame("ReferenceFocal.Forward", "targets", targets.Length, "logits", logits.Length);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double t = targets[i], yes = 1 / (1 + Math.Exp(-logits[i])), no = 1 / (1 + Math.Exp(logits[i]));
            double rest = (no * t) + (yes * (1 - t));
            double side = alpha is { } a ? (a * t) + ((1 - a) * (1 - t)) : 1;
            sum += side * Math.Pow(rest, gamma) * ReferenceBinaryCrossEntropy.Forward([logits[i]], [t], [1]);
        }

        return sum / logits.Length;
    }

    /// <summary>The gradient of the mean loss of yes and no with respect to the logits.</summary>
    /// <param name="logits">Values before the sigmoid.</param>
    /// <param name="targets">As many targets, from 0 to 1.</param>
    /// <param name="gamma">γ, at least 0.</param>
    /// <param name="alpha">α; null for a = 1.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void Backward(ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, double gamma, double? alpha, Span<double> dx)
    {
        const string Who = "ReferenceFocal.Backward";
        SpanLength.RequireSame(Who, "targets", targets.Length, "logits", logits.Length);
        SpanLength.RequireSame(Who, "dx", dx.Length, "logits", logits.Length);
        for (int i = 0; i < logits.Length; i++)
        {
            double t = targets[i], yes = 1 / (1 + Math.Exp(-logits[i])), no = 1 / (1 + Math.Exp(logits[i]));
            double rest = (no * t) + (yes * (1 - t)), slopeOfRest = yes * no * (1 - (2 * t));
            double side = alpha is { } a ? (a * t) + ((1 - a) * (1 - t)) : 1;
            double loss = ReferenceBinaryCrossEntropy.Forward([logits[i]], [t], [1]), slope = ((1 - t) * yes) - (t * no);
            double bend = gamma == 0 ? 0 : gamma * Math.Pow(rest, gamma - 1) * slopeOfRest * loss;
            dx[i] = side * ((Math.Pow(rest, gamma) * slope) + bend) / logits.Length;
        }
    }

    /// <summary>The losses of rows of logits <c>[rows, classes]</c>, one a row.</summary>
    /// <param name="classes">Classes.</param>
    /// <param name="logits">Values before softmax.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="gamma">γ, at least 0.</param>
    /// <returns>The losses, in nats.</returns>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static double[] OfClasses(int classes, ReadOnlySpan<double> logits, ReadOnlySpan<int> labels, double gamma)
    {
        SpanLength.Require("ReferenceFocal.OfClasses", "logits", logits.Length, new Shape(labels.Length, classes));
        var losses = new double[labels.Length];
        for (int m = 0; m < labels.Length; m++)
        {
            double loss = ReferenceSoftmaxCrossEntropy.Forward(1, classes, logits.Slice(m * classes, classes), [labels[m]]);
            losses[m] = Math.Pow(1 - Math.Exp(-loss), gamma) * loss;
        }

        return losses;
    }

    /// <summary>The gradients of the losses of rows, each of its own row's: <c>(y[c] − [c = label]) · f</c> with
    /// <c>f = (1 − p)^γ − γ·(1 − p)^(γ − 1)·p·log p</c>.</summary>
    /// <param name="classes">Classes.</param>
    /// <param name="logits">Values before softmax.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="gamma">γ, at least 0.</param>
    /// <param name="dx">Receives the gradients <c>[rows, classes]</c>.</param>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static void BackwardOfClasses(int classes, ReadOnlySpan<double> logits, ReadOnlySpan<int> labels, double gamma, Span<double> dx)
    {
        SpanLength.Require("ReferenceFocal.BackwardOfClasses", "logits", logits.Length, new Shape(labels.Length, classes));
        SpanLength.RequireSame("ReferenceFocal.BackwardOfClasses", "dx", dx.Length, "logits", logits.Length);
        for (int m = 0; m < labels.Length; m++)
        {
            ReadOnlySpan<double> row = logits.Slice(m * classes, classes);
            double loss = ReferenceSoftmaxCrossEntropy.Forward(1, classes, row, [labels[m]]), p = Math.Exp(-loss), rest = 1 - p;
            double factor = Math.Pow(rest, gamma);
            if (rest > 0 && gamma > 0)
                factor += gamma * Math.Pow(rest, gamma - 1) * p * loss;
            Span<double> gradient = dx.Slice(m * classes, classes);
            ReferenceSoftmaxCrossEntropy.Backward(1, classes, row, [labels[m]], gradient);
            for (int c = 0; c < classes; c++)
                gradient[c] *= factor;
        }
    }
}
