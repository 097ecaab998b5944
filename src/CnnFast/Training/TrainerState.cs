namespace CnnFast.Training;

/// <summary>All that a trainer remembers between steps.</summary>
internal sealed class TrainerState(ModelLosses losses, OptimizerState optimizer)
{
    private readonly IReadOnlyList<Parameter> _parameters = losses.Model.Parameters;

    /// <summary>The losses.</summary>
    public ModelLosses Losses => losses;

    /// <summary>What the optimizer remembers, and how many steps and epochs there were.</summary>
    public OptimizerState Optimizer => optimizer;

    /// <summary>The moving average of the weights; null before one was asked for.</summary>
    public WeightAverageState? Average { get; set; }

    /// <summary>Where the Fit stands.</summary>
    public FitPosition Position { get; } = new(losses.Weights);

    /// <summary>The parameters as they were after the best epoch; null where nobody asked for them.</summary>
    public AlignedBuffer<float>[]? Best { get; set; }

    /// <summary>Keeps the parameters as they are as the best.</summary>
    public void KeepBest()
    {
        Best ??= [.. _parameters.Select(parameter => new AlignedBuffer<float>(parameter.Shape.ElementCount))];
        for (int i = 0; i < Best.Length; i++)
            _parameters[i].Values.CopyTo(Best[i].Span);
    }

    /// <summary>Gives the model its best parameters.</summary>
    public void RestoreBest()
    {
        for (int i = 0; i < Best!.Length; i++)
            Best[i].Span.CopyTo(_parameters[i].BeginWrite());
    }

    /// <summary>Gives the model the weights that are trained where it has their averages.</summary>
    public void TakeTrained()
    {
        if (Average is { IsSwapped: true })
            Average.Swap();
    }

    /// <summary>Throws where a parameter that is trained is not finite.</summary>
    /// <exception cref="NotFiniteNumberException">One is not.</exception>
    public void RequireFiniteWeights()
    {
        foreach (Parameter parameter in _parameters)
        {
            float largest = parameter.Trainable ? parameter.MaxMagnitude() : 0;
            if (!float.IsFinite(largest))
                throw new NotFiniteNumberException(FormattableString.Invariant(
                    $"Trainer.Fit: '{parameter.Name}' holds {largest} after step {optimizer.Steps}; expected finite numbers: lower the ") +
                    "learning rate, or limit the gradients (FitOptions.Clipping).", largest);
        }
    }
}
