namespace CnnFast.Training;

/// <summary>The moving statistics of a model as they were, for a step that does not come about.</summary>
internal sealed class StatisticsCopy(IReadOnlyList<Parameter> parameters)
{
    private readonly (Parameter Parameter, float[] Values)[] _copies =
    [
        .. parameters.Where(parameter => parameter.Info.IsStatistic)
            .Select(parameter => (parameter, new float[parameter.Shape.ElementCount])),
    ];

    /// <summary>Copies them.</summary>
    public void Take()
    {
        foreach ((Parameter parameter, float[] values) in _copies)
            parameter.Values.CopyTo(values);
    }

    /// <summary>Gives them back to the model.</summary>
    public void Restore()
    {
        foreach ((Parameter parameter, float[] values) in _copies)
            values.CopyTo(parameter.BeginWrite());
    }
}
