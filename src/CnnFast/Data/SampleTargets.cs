using System.Globalization;

namespace CnnFast.Data;

/// <summary>The targets of samples in memory: labels or numbers of some shape, held to what they must be.</summary>
internal sealed class SampleTargets
{
    private readonly int[] _labels = [];
    private readonly float[] _values = [];
    private readonly int _length;

    private SampleTargets(TargetInfo info)
    {
        Info = info;
        _length = info.Shape.ElementCount;
    }

    private SampleTargets(TargetInfo info, int[] labels)
        : this(info) => _labels = labels;

    private SampleTargets(TargetInfo info, float[] values)
        : this(info) => _values = values;

    public TargetInfo Info { get; }

    /// <summary>All labels, sample by sample; empty where the targets are numbers.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Labels that nobody else writes to.</summary>
    /// <exception cref="ShapeException">There are not as many as the samples need.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is out of range.</exception>
    public static SampleTargets OfLabels(string who, TargetInfo info, int[] labels, int samples, int? ignored = null)
    {
        if (!info.IsLabels)
            throw new ArgumentException($"{who}: labels were given for targets that are {info}; expected TargetInfo.Labels.");
        CheckCount(who, info, labels.Length, samples);
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)info.Classes && labels[i] != ignored)
                throw new ArgumentOutOfRangeException(null, $"{who}: {Place(info, i)} is {labels[i]}; expected 0 to {info.Classes - 1}.");
        }

        return new SampleTargets(info, labels);
    }

    /// <summary>Numbers that nobody else writes to.</summary>
    /// <exception cref="ShapeException">There are not as many as the samples need.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite.</exception>
    public static SampleTargets OfValues(string who, Shape shape, float[] values, int samples)
    {
        var info = TargetInfo.Values(shape);
        CheckCount(who, info, values.Length, samples);
        RequireFinite(who, "a target", values, shape.ElementCount);
        return new SampleTargets(info, values);
    }

    /// <summary>Throws where a number of a sample is not finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite; the message names the sample.</exception>
    public static void RequireFinite(string who, string what, ReadOnlySpan<float> values, int length)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new ArgumentOutOfRangeException(null,
                    $"{who}: {what} of sample {i / length} is {values[i].ToString(CultureInfo.InvariantCulture)} " +
                    $"(value {i % length} of {length}); expected finite numbers.");
        }
    }

    /// <summary>Writes the targets of samples into a batch.</summary>
    public void Fill(ReadOnlySpan<int> indices, BatchBuffers batch)
    {
        if (Info.IsLabels)
            Copy(_labels, _length, indices, batch.Labels());
        else
            Copy(_values, _length, indices, batch.Values());
    }

    /// <summary>The targets of some samples, in their order.</summary>
    public SampleTargets Subset(ReadOnlySpan<int> indices)
    {
        var labels = new int[Info.IsLabels ? indices.Length * _length : 0];
        var values = new float[Info.IsLabels ? 0 : indices.Length * _length];
        if (!Info.IsLabels)
        {
            Copy(_values, _length, indices, values);
            return new SampleTargets(Info, values);
        }

        Copy(_labels, _length, indices, labels);
        return new SampleTargets(Info, labels);
    }

    /// <summary>Copies what belongs to samples, one after the other.</summary>
    public static void Copy<T>(T[] from, int length, ReadOnlySpan<int> indices, Span<T> to)
    {
        for (int i = 0; i < indices.Length; i++)
            from.AsSpan(indices[i] * length, length).CopyTo(to[(i * length)..]);
    }

    private static string Place(TargetInfo info, int at) => info.Shape.Rank == 0
        ? $"label {at}"
        : $"label {at % info.Shape.ElementCount} of sample {at / info.Shape.ElementCount}";

    private static void CheckCount(string who, TargetInfo info, int targets, int samples)
    {
        long expected = (long)samples * info.Shape.ElementCount;
        if (expected != targets)
            throw new ShapeException($"{who}: {targets} targets were given for {samples} samples; expected {expected}, {info} a sample.");
    }
}
