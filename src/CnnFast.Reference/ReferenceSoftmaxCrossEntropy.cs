namespace CnnFast.Reference;

/// <summary>
/// Softmax followed by cross-entropy, in double, as one loss of logits z <c>[rows, classes]</c> and targets t:
/// <c>J = 1/rows · Σ(m,c) −t[m,c] · log ŷ[m,c]</c> with <c>ŷ = softmax(z)</c> and <c>log ŷ[c] = z[c] − max − log Σ(k) exp(z[k] − max)</c>.
/// Its gradient is <c>dZ = (ŷ · Σ(c) t[m,c] − t) / rows</c>, which is the well-known <c>(ŷ − t) / rows</c> where the targets of a row sum
/// to 1 (Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990). The mean over the batch enters here
/// and nowhere else. Thread-safe.
/// </summary>
public static class ReferenceSoftmaxCrossEntropy
{
    /// <summary>The mean loss for targets that are class indices.</summary>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="logits">Values before softmax <c>[rows, classes]</c>.</param>
    /// <param name="labels">The class of each sample <c>[rows]</c>, from 0 to <paramref name="classes"/> − 1.</param>
    /// <returns>The mean of the losses of the samples, in nats.</returns>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public static double Forward(int rows, int classes, ReadOnlySpan<double> logits, ReadOnlySpan<int> labels) =>
        Forward(rows, classes, logits, OneHot("ReferenceSoftmaxCrossEntropy.Forward", rows, classes, labels));

    /// <summary>The mean loss for targets that are a distribution over the classes (one-hot or soft).</summary>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="logits">Values before softmax <c>[rows, classes]</c>.</param>
    /// <param name="targets">Weight of each class <c>[rows, classes]</c>; a class of weight 0 adds nothing, even
    /// where its probability is 0.</param>
    /// <returns>The mean of the losses of the samples, in nats.</returns>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static double Forward(int rows, int classes, ReadOnlySpan<double> logits, ReadOnlySpan<double> targets)
    {
        const string Who = "ReferenceSoftmaxCrossEntropy.Forward";
        SpanLength.Require(Who, "logits", logits.Length, new Shape(rows, classes));
        SpanLength.Require(Who, "targets", targets.Length, new Shape(rows, classes));

        double loss = 0;
        for (int m = 0; m < rows; m++)
        {
            ReadOnlySpan<double> row = logits.Slice(m * classes, classes);
            double max = ReferenceSoftmax.Maximum(row);
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += Math.Exp(row[c] - max);
            for (int c = 0; c < classes; c++)
            {
                double target = targets[(m * classes) + c];
                if (target != 0)
                    loss -= target * (row[c] - max - Math.Log(sum));
            }
        }

        return loss / rows;
    }

    /// <summary>The gradient of the mean loss with respect to the logits, for targets that are class indices.</summary>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="logits">Values before softmax <c>[rows, classes]</c>.</param>
    /// <param name="labels">The class of each sample <c>[rows]</c>, from 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="dx">Receives the gradient of the logits <c>[rows, classes]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public static void Backward(int rows, int classes, ReadOnlySpan<double> logits, ReadOnlySpan<int> labels, Span<double> dx) =>
        Backward(rows, classes, logits, OneHot("ReferenceSoftmaxCrossEntropy.Backward", rows, classes, labels), dx);

    /// <summary>
    /// The gradient of the mean loss with respect to the logits, for targets that are a distribution over the classes (one-hot or soft).
    /// </summary>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="logits">Values before softmax <c>[rows, classes]</c>.</param>
    /// <param name="targets">Weight of each class <c>[rows, classes]</c>; a row need not sum to 1.</param>
    /// <param name="dx">Receives the gradient of the logits <c>[rows, classes]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void Backward(int rows, int classes, ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, Span<double> dx)
    {
        const string Who = "ReferenceSoftmaxCrossEntropy.Backward";
        SpanLength.Require(Who, "logits", logits.Length, new Shape(rows, classes));
        SpanLength.Require(Who, "targets", targets.Length, new Shape(rows, classes));
        SpanLength.Require(Who, "dx", dx.Length, new Shape(rows, classes));

        var probabilities = new double[rows * classes];
        ReferenceSoftmax.Forward(rows, classes, logits, probabilities);
        for (int m = 0; m < rows; m++)
        {
            double weight = 0;
            for (int c = 0; c < classes; c++)
                weight += targets[(m * classes) + c];
            for (int c = 0; c < classes; c++)
                dx[(m * classes) + c] = ((probabilities[(m * classes) + c] * weight) - targets[(m * classes) + c]) / rows;
        }
    }

    private static double[] OneHot(string who, int rows, int classes, ReadOnlySpan<int> labels)
    {
        SpanLength.Require(who, "labels", labels.Length, new Shape(rows));
        var targets = new double[new Shape(rows, classes).ElementCount];
        for (int m = 0; m < rows; m++)
        {
            if (labels[m] < 0 || labels[m] >= classes)
                throw new ArgumentOutOfRangeException(nameof(labels),
                    $"{who}: label {m} is {labels[m]}; expected a class from 0 to {classes - 1}.");
            targets[(m * classes) + labels[m]] = 1;
        }

        return targets;
    }
}
