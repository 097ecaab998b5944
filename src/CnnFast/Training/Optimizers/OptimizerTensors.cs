namespace CnnFast.Training;

/// <summary>
/// What an optimizer remembers of the weights that it is to change: one tensor a name of <see cref="Optimizer.StateNames"/>, as long as
/// the weights, zero before the first step.
/// </summary>
public readonly ref struct OptimizerTensors
{
    private readonly Optimizer _optimizer;
    private readonly ReadOnlySpan<string> _names;
    private readonly ReadOnlySpan<AlignedBuffer<float>> _tensors;
    private readonly int _start;
    private readonly int _length;

    internal OptimizerTensors(Optimizer optimizer, ReadOnlySpan<string> names, ReadOnlySpan<AlignedBuffer<float>> tensors, int start,
        int length)
    {
        _optimizer = optimizer;
        _names = names;
        _tensors = tensors;
        _start = start;
        _length = length;
    }

    /// <summary>The tensor of a name, to be updated.</summary>
    /// <param name="name">One of <see cref="Optimizer.StateNames"/>.</param>
    /// <exception cref="ArgumentException">There is no tensor of that name.</exception>
    public Span<float> this[string name]
    {
        get
        {
            for (int i = 0; i < _tensors.Length; i++)
            {
                if (_names[i] == name)
                    return _tensors[i].Span.Slice(_start, _length);
            }

            throw new ArgumentException($"{_optimizer.GetType().Name}: '{name}' was asked for; " +
                $"expected one of its StateNames [{string.Join(", ", _names)}].", nameof(name));
        }
    }
}
