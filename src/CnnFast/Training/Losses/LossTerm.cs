namespace CnnFast.Training;

/// <summary>One of the losses of a training: their weighted sum is what becomes small. Immutable.</summary>
/// <param name="Loss">The loss.</param>
/// <example>
/// <code>
/// var trainer = new Trainer(model, new Adam(),
/// [
///     new LossTerm(new SoftmaxCrossEntropy()) { Output = "kind" },
///     new LossTerm(new MeanSquaredError()) { Output = "size", Target = 1, Weight = 0.5f },
/// ]);
/// </code>
/// </example>
public sealed record LossTerm(ILoss Loss)
{
    /// <summary>The output of the model that the loss reads, by name; null, the default, means the one of the same place in the
    /// list.</summary>
    public string? Output { get; init; }

    /// <summary>
    /// Which of the data set's targets the output is held to, from 0; null, the default, means the one of the same place in the list.
    /// Several terms may read the same output or the same target.
    /// </summary>
    public int? Target { get; init; }

    /// <summary>What the loss is multiplied by: finite, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float Weight
    {
        get;
        init => field = float.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Weight),
                FormattableString.Invariant($"LossTerm: Weight is {value}; expected a finite number of at least 0."));
    }

    = 1;
}
