namespace CnnFast.Data;

/// <summary>Several data sets of the same samples: the inputs and targets of all, one data set after the other.</summary>
internal sealed class ZippedDataset : IDataset
{
    private readonly IDataset[] _parts;
    private readonly (int Input, int Target)[] _places;
    private readonly int _weighted;

    public ZippedDataset(IDataset[] parts)
    {
        if (parts.Length == 0)
            throw new ArgumentException("Zip: no data set was given; expected at least one.", nameof(parts));
        if (parts.FirstOrDefault(part => part.Count != parts[0].Count) is { } other)
            throw new ShapeException($"Zip: the data sets have {parts[0].Count} and {other.Count} samples; expected as many in each.");
        if (parts.Count(part => part.HasSampleWeights) > 1)
            throw new ArgumentException("Zip: several data sets have sample weights; expected one at most.", nameof(parts));
        _parts = parts;
        _places = new (int, int)[parts.Length];
        for (int i = 1; i < parts.Length; i++)
            _places[i] = (_places[i - 1].Input + parts[i - 1].Inputs.Count, _places[i - 1].Target + parts[i - 1].Targets.Count);
        _weighted = Array.FindIndex(parts, part => part.HasSampleWeights);
        Inputs = [.. parts.SelectMany(part => part.Inputs)];
        Targets = [.. parts.SelectMany(part => part.Targets)];
        ClassNames = parts.FirstOrDefault(part => part.Targets.Count > 0)?.ClassNames;
    }

    public int Count => _parts[0].Count;

    public IReadOnlyList<Shape> Inputs { get; }

    public IReadOnlyList<TargetInfo> Targets { get; }

    public bool HasSampleWeights => _weighted >= 0;

    public IReadOnlyList<string>? ClassNames { get; }

    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        for (int i = 0; i < _parts.Length; i++)
            _parts[i].Fill(indices, epoch, batch.From(_places[i].Input, _places[i].Target));
    }
}
