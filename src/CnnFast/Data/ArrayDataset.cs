namespace CnnFast.Data;

/// <summary>Samples in memory: numbers for the input, and labels or numbers for the targets. Immutable and thread-safe.</summary>
/// <example>
/// <code>
/// var houses = new ArrayDataset(new Shape(8), features, new Shape(1), prices);
/// var flowers = new ArrayDataset(new Shape(4), measures, classes: 3, species);
/// </code>
/// </example>
public sealed class ArrayDataset : IDataset
{
    private readonly float[] _inputs;
    private readonly Shape _inputShape;
    private readonly SampleTargets _targets;

    /// <summary>Creates a data set from copies of its inputs and the numbers that belong to them.</summary>
    /// <param name="inputShape">The shape of one input, such as <c>[F]</c> or <c>[H, W, C]</c>.</param>
    /// <param name="inputs">The inputs, one after the other; finite numbers.</param>
    /// <param name="targetShape">The shape of one sample's targets, such as <c>[K]</c> for several labels, each 1 or 0.</param>
    /// <param name="values">The targets, one sample after the other; finite numbers.</param>
    /// <exception cref="ShapeException">There are no samples, or the numbers do not fit the shapes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite; the message names the sample.</exception>
    public ArrayDataset(Shape inputShape, ReadOnlySpan<float> inputs, Shape targetShape, ReadOnlySpan<float> values)
        : this(inputShape, inputs.ToArray(),
            SampleTargets.OfValues("ArrayDataset", targetShape, values.ToArray(), SamplesOf(inputShape, inputs.Length)))
    {
    }

    /// <summary>Creates a data set from copies of its inputs and the classes that they belong to.</summary>
    /// <param name="inputShape">The shape of one input, such as <c>[F]</c> or <c>[H, W, C]</c>.</param>
    /// <param name="inputs">The inputs, one after the other; finite numbers.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="labels">The class of every sample, each from 0 to <paramref name="classes"/> − 1.</param>
    /// <exception cref="ShapeException">There are no samples, or the numbers do not fit the shapes.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1, a label is out of range, or a number is not
    /// finite.</exception>
    public ArrayDataset(Shape inputShape, ReadOnlySpan<float> inputs, int classes, ReadOnlySpan<int> labels)
        : this(inputShape, inputs, TargetInfo.Labels(classes), labels)
    {
    }

    /// <summary>Creates a data set from copies of its inputs and labels of any shape, such as one a pixel.</summary>
    /// <param name="inputShape">The shape of one input, such as <c>[F]</c> or <c>[H, W, C]</c>.</param>
    /// <param name="inputs">The inputs, one after the other; finite numbers.</param>
    /// <param name="target">What the labels of one sample are, such as <c>TargetInfo.Labels(new Shape(H, W), classes)</c>.</param>
    /// <param name="labels">The labels, one sample after the other.</param>
    /// <param name="ignoredLabel">A label outside the classes that may be there as well, for losses that leave it out.</param>
    /// <exception cref="ShapeException">There are no samples, or the numbers do not fit the shapes.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is not of labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is out of range, or a number is not finite.</exception>
    public ArrayDataset(Shape inputShape, ReadOnlySpan<float> inputs, TargetInfo target, ReadOnlySpan<int> labels,
        int? ignoredLabel = null)
        : this(inputShape, inputs.ToArray(),
            SampleTargets.OfLabels("ArrayDataset", target, labels.ToArray(), SamplesOf(inputShape, inputs.Length), ignoredLabel))
    {
    }

    private ArrayDataset(Shape inputShape, float[] inputs, SampleTargets targets)
    {
        _inputShape = inputShape;
        _inputs = inputs;
        _targets = targets;
        Count = SamplesOf(inputShape, inputs.Length);
        SampleTargets.RequireFinite("ArrayDataset", "an input", inputs, inputShape.ElementCount);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Shape> Inputs => [_inputShape];

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> Targets => [_targets.Info];

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        SampleTargets.Copy(_inputs, _inputShape.ElementCount, indices, batch.Input());
        _targets.Fill(indices, batch);
    }

    private static int SamplesOf(Shape inputShape, int values)
    {
        int length = inputShape.ElementCount;
        return values >= length && values % length == 0
            ? values / length
            : throw new ShapeException(
                $"ArrayDataset: {values} values were given for inputs of {inputShape}; expected a multiple of {length}, at least one.");
    }
}
