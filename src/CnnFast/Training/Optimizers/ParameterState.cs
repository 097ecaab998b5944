namespace CnnFast.Training;

/// <summary>What an optimizer remembers of one parameter.</summary>
internal sealed class ParameterState
{
    // Steps are kept as two floats of 24 bits each, so that they are a tensor like the others.
    private const int Low = 1 << 24;

    private readonly AlignedBuffer<float>? _steps;

    public ParameterState(Parameter parameter, ParameterGroup? group, int tensors)
    {
        Parameter = parameter;
        RateFactor = group?.LearningRateFactor ?? 1;
        DecayFactor = group?.DecayFactor ?? (parameter.Decays ? 1 : 0);
        IsStatistic = parameter.Info.IsStatistic;
        Tensors = IsStatistic ? [] : [.. Enumerable.Range(0, tensors).Select(_ => new AlignedBuffer<float>(parameter.Shape.ElementCount))];
        _steps = IsStatistic ? null : new AlignedBuffer<float>(2);
    }

    public Parameter Parameter { get; }

    public float RateFactor { get; }

    public float DecayFactor { get; }

    public bool IsStatistic { get; }

    public AlignedBuffer<float>[] Tensors { get; }

    /// <summary>The steps as a tensor.</summary>
    public Memory<float> StepValues => _steps!.Memory;

    /// <summary>Counts a step; returns how many there are.</summary>
    public long CountStep()
    {
        Span<float> values = _steps!.Span;
        long steps = ((long)values[1] * Low) + (long)values[0] + 1;
        (values[0], values[1]) = (steps % Low, steps / Low);
        return steps;
    }
}
