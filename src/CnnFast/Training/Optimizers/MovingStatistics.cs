namespace CnnFast.Training;

/// <summary>Moves the moving averages of batch normalisations.</summary>
internal static class MovingStatistics
{
    /// <summary>
    /// moving = momentum·moving + (1 − momentum)·batch for every statistic that is trainable and that the gradients hold.
    /// </summary>
    public static void Move(IReadOnlyList<Parameter> parameters, ParameterGradients gradients)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.Info.IsStatistic && parameter.Trainable && gradients.Contains(parameter))
                Average(parameter.BeginWrite(), gradients, parameter);
        }
    }

    // Nodes that share a layer move its averages one after the other.
    private static void Average(Span<float> moving, ParameterGradients gradients, Parameter parameter)
    {
        double momentum = parameter.Info.Momentum;
        for (int use = 0; use < gradients.UsesOf(parameter); use++)
        {
            ReadOnlySpan<float> batch = gradients.MemoryOf(parameter, use).Span;
            for (int i = 0; i < moving.Length; i++)
                moving[i] = (float)((momentum * moving[i]) + ((1 - momentum) * batch[i]));
        }
    }
}
