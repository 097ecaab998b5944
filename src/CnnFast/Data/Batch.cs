using System.Numerics.Tensors;

namespace CnnFast.Data;

/// <summary>
/// One batch of a <see cref="BatchLoader"/>. Its buffers are reused: what it holds is valid until the loader's next
/// <see cref="BatchLoader.MoveNext"/>, <see cref="BatchLoader.StartEpoch(int, CancellationToken)"/> or <see cref="BatchLoader.Dispose"/>.
/// </summary>
public sealed class Batch
{
    private readonly Shape[] _inputShapes;
    private readonly AlignedBuffer<float>[] _inputs;
    private readonly AlignedBuffer<int>[] _labels;
    private readonly AlignedBuffer<float>[] _values;
    private readonly AlignedBuffer<float> _sampleWeights;
    private readonly int[] _targetLengths;

    internal Batch(IDataset dataset, int capacity)
    {
        Capacity = capacity;
        _inputShapes = [.. dataset.Inputs];
        _inputs = [.. _inputShapes.Select(shape => new AlignedBuffer<float>(shape.WithBatch(capacity).ElementCount))];
        _labels = [.. dataset.Targets.Select(target => new AlignedBuffer<int>(target.IsLabels ? LengthOf(target) : 0))];
        _values = [.. dataset.Targets.Select(target => new AlignedBuffer<float>(target.IsLabels ? 0 : LengthOf(target)))];
        _sampleWeights = new AlignedBuffer<float>(dataset.HasSampleWeights ? capacity : 0);
        _targetLengths = [.. dataset.Targets.Select(target => target.Shape.ElementCount)];

        int LengthOf(TargetInfo target) => target.Shape.WithBatch(capacity).ElementCount;
    }

    /// <summary>Which batch of the epoch this is, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Samples in the batch: the batch size, or fewer in the last batch of an epoch.</summary>
    public int Count { get; private set; }

    /// <summary>How much each sample counts, <c>[Count]</c>; empty where each counts 1.</summary>
    public ReadOnlySpan<float> SampleWeights => WriteSampleWeights();

    /// <summary>The shape of an input, such as <c>[Count, H, W, C]</c>.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The shape, with the batch.</returns>
    public Shape InputShape(int index = 0) => _inputShapes[index].WithBatch(Count);

    /// <summary>The values of an input, 64-byte aligned.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The values in the order of <see cref="InputShape"/>.</returns>
    public ReadOnlySpan<float> Input(int index = 0) => WriteInput(index);

    /// <summary>The targets where they are labels.</summary>
    /// <param name="index">Which target.</param>
    /// <returns>The labels, sample by sample; empty where the targets are numbers.</returns>
    public ReadOnlySpan<int> Labels(int index = 0) => WriteLabels(index);

    /// <summary>The targets where they are numbers.</summary>
    /// <param name="index">Which target.</param>
    /// <returns>The numbers, sample by sample; empty where the targets are labels.</returns>
    public ReadOnlySpan<float> Values(int index = 0) => WriteValues(index);

    /// <summary>The most samples.</summary>
    internal int Capacity { get; }

    /// <summary>The values of an input as a memory that can be stored.</summary>
    internal ReadOnlyMemory<float> InputMemory(int index) => _inputs[index].Memory[..(Count * _inputShapes[index].ElementCount)];

    internal Span<float> WriteInput(int index) => _inputs[index].Span[..(Count * _inputShapes[index].ElementCount)];

    internal Span<int> WriteLabels(int index) =>
        _labels[index].Length == 0 ? default : _labels[index].Span[..(Count * _targetLengths[index])];

    internal Span<float> WriteValues(int index) =>
        _values[index].Length == 0 ? default : _values[index].Span[..(Count * _targetLengths[index])];

    internal Span<float> WriteSampleWeights() => _sampleWeights.Length == 0 ? default : _sampleWeights.Span[..Count];

    internal void Fill(IDataset dataset, int index, ReadOnlySpan<int> indices, int epoch)
    {
        Index = index;
        Count = indices.Length;
        dataset.Fill(indices, epoch, new BatchBuffers(this));
        RequireFinite(indices);
    }

    /// <summary>Fills the targets; of images these alone.</summary>
    internal void FillTargets(IDataset dataset, ReadOnlySpan<int> indices)
    {
        Count = indices.Length;
        if (dataset is IImageDataset images)
            images.FillTargets(indices, new BatchBuffers(this));
        else
            dataset.Fill(indices, 0, new BatchBuffers(this));
    }

    // Some layers turn NaN into numbers, such as a ReLU or a pooling: no loss would tell.
    private void RequireFinite(ReadOnlySpan<int> indices)
    {
        for (int i = 0; i < _inputs.Length; i++)
            RequireFinite(indices, Input(i), "input", i);
        for (int i = 0; i < _values.Length; i++)
            RequireFinite(indices, Values(i), "target", i);
        RequireFinite(indices, SampleWeights, "weight", 0);
    }

    private static void RequireFinite(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, string what, int number)
    {
        if (values.IsEmpty || float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
            return;
        int length = values.Length / indices.Length;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new NotFiniteNumberException(FormattableString.Invariant(
                    $"BatchLoader: value {i % length} of {what} {number + 1} of sample {indices[i / length]} is {values[i]}; ") +
                    "expected finite numbers.", values[i]);
        }
    }
}
