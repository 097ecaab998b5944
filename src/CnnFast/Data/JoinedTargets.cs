using System.Collections.Concurrent;

namespace CnnFast.Data;

/// <summary>A data set with the targets of others beside its own; the inputs of the others are not read where that can be.</summary>
internal class JoinedTargets : IDataset
{
    private readonly IDataset _data;
    private readonly IDataset[] _others;
    private readonly int[] _places;
    private readonly ConcurrentBag<Batch>[] _batches;

    /// <exception cref="ShapeException">The numbers of samples differ.</exception>
    /// <exception cref="ArgumentException">No other is given, or one has sample weights.</exception>
    public JoinedTargets(IDataset data, IDataset[] others)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (others.Length == 0)
            throw new ArgumentException("WithTargets: no other data set was given; expected at least one.", nameof(others));
        _places = new int[others.Length];
        int targets = data.Targets.Count;
        for (int i = 0; i < others.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(others[i], nameof(others));
            if (others[i].Count != data.Count)
                throw new ShapeException($"WithTargets: the data sets have {data.Count} and {others[i].Count} samples; " +
                    "expected as many in each.");
            if (others[i].HasSampleWeights)
                throw new ArgumentException("WithTargets: another data set has sample weights; expected them in the first alone.",
                    nameof(others));
            _places[i] = targets;
            targets += others[i].Targets.Count;
        }

        (_data, _others) = (data, others);
        _batches = [.. others.Select(_ => new ConcurrentBag<Batch>())];
        Targets = [.. data.Targets, .. others.SelectMany(other => other.Targets)];
        ClassNames = data.Targets.Count > 0 ? data.ClassNames : others.FirstOrDefault(other => other.Targets.Count > 0)?.ClassNames;
    }

    public int Count => _data.Count;

    public IReadOnlyList<Shape> Inputs => _data.Inputs;

    public IReadOnlyList<TargetInfo> Targets { get; }

    public bool HasSampleWeights => _data.HasSampleWeights;

    public IReadOnlyList<string>? ClassNames { get; }

    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        _data.Fill(indices, epoch, batch);
        FillOthers(indices, epoch, batch);
    }

    /// <summary>Fills the targets of the others.</summary>
    protected void FillOthers(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        for (int i = 0; i < _others.Length; i++)
        {
            if (_others[i] is IImageDataset { Inputs.Count: 1 } images)
                images.FillTargets(indices, batch.From(0, _places[i]));
            else
                CopyTargets(i, indices, epoch, batch.From(0, _places[i]));
        }
    }

    // What writes its inputs with its targets writes to a batch of its own.
    private void CopyTargets(int other, ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        if (!_batches[other].TryTake(out Batch? own) || own.Capacity < indices.Length)
            own = new Batch(_others[other], indices.Length);
        own.Fill(_others[other], 0, indices, epoch);
        for (int target = 0; target < _others[other].Targets.Count; target++)
        {
            own.Labels(target).CopyTo(batch.Labels(target));
            own.Values(target).CopyTo(batch.Values(target));
        }

        _batches[other].Add(own);
    }
}
