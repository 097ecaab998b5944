using System.Runtime.CompilerServices;

namespace CnnFast.Training;

/// <summary>
/// How often which class was predicted for which label, and what follows from it. Made by <see cref="ConfusionMatrixBuilder"/>. Immutable
/// and thread-safe.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;
    private readonly long[] _unpredicted;
    private readonly ClassCounts _classCounts;

    internal ConfusionMatrix(ReadOnlySpan<long> counts, ReadOnlySpan<long> unpredicted)
    {
        _counts = [.. counts];
        _unpredicted = [.. unpredicted];
        _classCounts = new ClassCounts(Classes);
        long right = 0;
        for (int actual = 0; actual < Classes; actual++)
        {
            for (int predicted = 0; predicted < Classes; predicted++)
                _classCounts.Add(actual, predicted, this[actual, predicted]);
            _classCounts.AddActual(actual, _unpredicted[actual]);
            Total += _classCounts.Actual(actual);
            right += this[actual, actual];
        }

        Accuracy = (double)right / Total;
    }

    /// <summary>The number of classes.</summary>
    public int Classes => _unpredicted.Length;

    /// <summary>All labels that were counted, those without a prediction included.</summary>
    public long Total { get; }

    /// <summary>The part that was predicted right, 0 to 1; NaN where nothing was counted.</summary>
    public double Accuracy { get; }

    /// <summary>
    /// The mean of <see cref="F1"/> over the classes that occur, as label or as prediction. NaN where nothing was counted.
    /// </summary>
    public double MacroF1 => _classCounts.MacroF1();

    /// <summary>
    /// The mean of <see cref="IoU"/> over the classes that occur: those that are neither a label nor a prediction are left out. NaN where
    /// nothing was counted.
    /// </summary>
    public double MeanIoU => _classCounts.MeanIoU();

    /// <summary>How often a class was predicted for a label.</summary>
    /// <param name="actual">The label, from 0.</param>
    /// <param name="predicted">The predicted class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted] => _counts[(Require(actual) * Classes) + Require(predicted)];

    /// <summary>How often a class was the label.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <returns>The row's sum, labels without a prediction included.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Count(int label) => _classCounts.Actual(Require(label));

    /// <summary>How often nothing was predicted for a label, because outputs were NaN. It counts as wrong.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <returns>The count.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Unpredicted(int label) => _unpredicted[Require(label)];

    /// <summary>Which part of the predictions of a class was right, TP / (TP + FP).</summary>
    /// <param name="label">The class, from 0.</param>
    /// <returns>0 to 1; NaN where it was never predicted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Precision(int label) => _classCounts.Precision(Require(label));

    /// <summary>Which part of a label was predicted right, TP / (TP + FN).</summary>
    /// <param name="label">The class, from 0.</param>
    /// <returns>0 to 1; NaN where it was never the label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Recall(int label) => _classCounts.Recall(Require(label));

    /// <summary>The harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN).</summary>
    /// <param name="label">The class, from 0.</param>
    /// <returns>0 to 1; NaN where it was neither label nor prediction.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double F1(int label) => _classCounts.F1(Require(label));

    /// <summary>Intersection over union, TP / (TP + FP + FN).</summary>
    /// <param name="label">The class, from 0.</param>
    /// <returns>0 to 1; NaN where it was neither label nor prediction.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double IoU(int label) => _classCounts.IoU(Require(label));

    /// <summary>The report with the numbers of the classes for their names.</summary>
    /// <returns>Lines that end in <c>\n</c>.</returns>
    public override string ToString() => ToString(null);

    /// <summary>
    /// A report in lines of at most 80 characters: the matrix (of many classes, where it does not fit, the most frequent mistakes), then
    /// precision, recall, F1 and count of every class. A dash stands for what is undefined.
    /// </summary>
    /// <param name="classNames">A name for every class; null for their numbers.</param>
    /// <returns>Lines that end in <c>\n</c>.</returns>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public string ToString(IReadOnlyList<string>? classNames) => new ConfusionText(this, classNames).ToString();

    private int Require(int label, [CallerArgumentExpression(nameof(label))] string? name = null) => (uint)label < (uint)Classes
        ? label
        : throw new ArgumentOutOfRangeException(name, label,
            $"ConfusionMatrix: the class is {label}; expected one from 0 to {Classes - 1}.");
}
