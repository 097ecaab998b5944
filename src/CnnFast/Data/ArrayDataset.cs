using System.Globalization;

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
    private readonly float[] _values = [];
    private readonly int[] _labels = [];
    private readonly Shape _inputShape;
    private readonly TargetInfo _target;
    private readonly float[] _weights = [];

    /// <summary>Creates a data set from copies of its inputs and the numbers that belong to them.</summary>
    /// <param name="inputShape">The shape of one input, such as <c>[F]</c> or <c>[H, W, C]</c>.</param>
    /// <param name="inputs">The inputs, one after the other.</param>
    /// <param name="targetShape">The shape of one sample's targets.</param>
    /// <param name="values">The targets, one sample after the other.</param>
    /// <exception cref="ShapeException">There are no samples, or the numbers do not fit the shapes.</exception>
    public ArrayDataset(Shape inputShape, ReadOnlySpan<float> inputs, Shape targetShape, ReadOnlySpan<float> values)
        : this(inputShape, inputs, TargetInfo.Values(targetShape), values.Length)
    {
        _values = values.ToArray();
    }

    /// <summary>Creates a data set from copies of its inputs and the classes that they belong to.</summary>
    /// <param name="inputShape">The shape of one input, such as <c>[F]</c> or <c>[H, W, C]</c>.</param>
    /// <param name="inputs">The inputs, one after the other.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="labels">The class of every sample, each from 0 to <paramref name="classes"/> − 1.</param>
    /// <exception cref="ShapeException">There are no samples, or the numbers do not fit the shapes.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1, or a label is out of range.</exception>
    public ArrayDataset(Shape inputShape, ReadOnlySpan<float> inputs, int classes, ReadOnlySpan<int> labels)
        : this(inputShape, inputs, TargetInfo.Labels(classes), labels.Length)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(labels), labels[i], $"ArrayDataset: label {i} is {labels[i]}; expected 0 to {classes - 1}.");
            }
        }

        _labels = labels.ToArray();
    }

    private ArrayDataset(Shape inputShape, ReadOnlySpan<float> inputs, TargetInfo target, int targets)
    {
        int length = inputShape.ElementCount;
        Count = inputs.Length / length;
        if (Count == 0 || inputs.Length % length != 0)
        {
            throw new ShapeException(
                $"ArrayDataset: {inputs.Length} values were given for inputs of {inputShape}; expected a multiple of {length}, " +
                "at least one.");
        }

        long expected = (long)Count * target.Shape.ElementCount;
        if (expected != targets)
            throw new ShapeException(
                $"ArrayDataset: {targets} targets were given for {Count} samples; expected {expected}, {target} a sample.");
        _inputShape = inputShape;
        _inputs = inputs.ToArray();
        _target = target;
    }

    private ArrayDataset(ArrayDataset data, float[] weights)
    {
        _inputs = data._inputs;
        _values = data._values;
        _labels = data._labels;
        _inputShape = data._inputShape;
        _target = data._target;
        _weights = weights;
        Count = data.Count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Shape> Inputs => [_inputShape];

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> Targets => [_target];

    /// <inheritdoc/>
    public bool HasSampleWeights => _weights.Length > 0;

    /// <summary>The same samples, of which some count more than others in the loss.</summary>
    /// <param name="weights">How much each sample counts, in order: finite numbers of at least 0.</param>
    /// <returns>A data set over the same numbers.</returns>
    /// <exception cref="ShapeException">There are more or fewer weights than samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public ArrayDataset WithSampleWeights(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Count)
            throw new ShapeException($"ArrayDataset: {weights.Length} weights were given for {Count} samples; expected one a sample.");
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(float.IsFinite(weights[i]) && weights[i] >= 0))
            {
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i],
                    $"ArrayDataset: the weight of sample {i} is {weights[i].ToString(CultureInfo.InvariantCulture)}; " +
                    "expected a finite number of at least 0.");
            }
        }

        return new ArrayDataset(this, weights.ToArray());
    }

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        Copy(_inputs, _inputShape.ElementCount, indices, batch.Input());
        if (_target.IsLabels)
            Copy(_labels, 1, indices, batch.Labels());
        else
            Copy(_values, _target.Shape.ElementCount, indices, batch.Values());
        if (HasSampleWeights)
            Copy(_weights, 1, indices, batch.SampleWeights);
    }

    private static void Copy<T>(T[] from, int length, ReadOnlySpan<int> indices, Span<T> to)
    {
        for (int i = 0; i < indices.Length; i++)
            from.AsSpan(indices[i] * length, length).CopyTo(to[(i * length)..]);
    }
}
