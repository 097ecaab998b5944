namespace CnnFast.Layers;

/// <summary>
/// One run of <see cref="CompositeLayer.Compose"/> on this thread: notes the layers that are applied or, where the composite was applied
/// before, puts those of the first time in their place, so that both uses share their weights.
/// </summary>
internal sealed class Composition : IDisposable
{
    [ThreadStatic]
    private static Composition? _current;

    private readonly Composition? _outer = _current;
    private readonly CompositeLayer _composite;
    private readonly IReadOnlyList<Layer>? _known;
    private readonly List<Layer> _taken = [];

    /// <summary>Starts a run.</summary>
    /// <param name="composite">The composite.</param>
    /// <param name="known">The layers of an earlier run; null for the first.</param>
    public Composition(CompositeLayer composite, IReadOnlyList<Layer>? known)
    {
        (_composite, _known) = (composite, known);
        _current = this;
    }

    /// <summary>The layer that stands for one that is applied now.</summary>
    public static Layer Take(Layer layer) => _current is { } composition ? composition.Next(layer) : layer;

    /// <summary>The layers of the run.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than in the first run.</exception>
    public IReadOnlyList<Layer> Complete() =>
        _known is null || _taken.Count == _known.Count ? _taken : throw Differs("fewer layers than the first time");

    /// <inheritdoc/>
    public void Dispose() => _current = _outer;

    private Layer Next(Layer layer)
    {
        int index = _taken.Count;
        if (_known is null)
        {
            _taken.Add(layer);
            return layer;
        }

        if (index == _known.Count)
            throw Differs("more layers than the first time");
        if (!layer.IsLike(_known[index]))
            throw Differs($"{layer} where it applied {_known[index]} the first time");
        _taken.Add(_known[index]);
        return _known[index];
    }

    private InvalidOperationException Differs(string how) => new(
        $"{_composite}: Compose applied {how}; expected the same layers, because a layer that is applied twice " +
        "shares its weights: create a second one where it is to have its own.");
}
