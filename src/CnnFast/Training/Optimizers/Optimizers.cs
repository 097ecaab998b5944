namespace CnnFast.Training;

/// <summary>The optimizers of the library by name, for programs that let their user choose.</summary>
public static class Optimizers
{
    private static readonly (string Name, Func<float?, float, Optimizer> Create)[] s_all =
    [
        ("sgd", (rate, decay) => new Sgd(rate ?? 0.1f, l2: L2Penalty.Constant(decay))),
        ("momentum", (rate, decay) => new Sgd(rate ?? 0.01f, 0.9f, L2Penalty.Constant(decay))),
        ("nesterov", (rate, decay) => new Sgd(rate ?? 0.01f, 0.9f, L2Penalty.Constant(decay), nesterov: true)),
        ("adam", (rate, decay) => new Adam(rate ?? 1e-3f, l2: L2Penalty.Constant(decay))),
        ("amsgrad", (rate, decay) => new Adam(rate ?? 1e-3f, l2: L2Penalty.Constant(decay), amsGrad: true)),
        ("adamw", (rate, decay) => new AdamW(rate ?? 1e-3f, weightDecay: decay)),
        ("rmsprop", (rate, decay) => new RmsProp(rate ?? 1e-3f, l2: L2Penalty.Constant(decay))),
        ("adagrad", (rate, decay) => new Adagrad(rate ?? 0.01f, l2: L2Penalty.Constant(decay))),
        ("lion", (rate, decay) => new Lion(rate ?? 1e-4f, weightDecay: decay)),
    ];

    /// <summary>
    /// The names: <c>sgd</c>, <c>momentum</c> and <c>nesterov</c> (momentum 0.9), <c>adam</c>, <c>amsgrad</c>, <c>adamw</c>,
    /// <c>rmsprop</c>, <c>adagrad</c>, <c>lion</c>.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(entry => entry.Name)];

    /// <summary>An optimizer with the other options at their defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="learningRate">The learning rate; null means one that is common for the optimizer.</param>
    /// <param name="weightDecay">The weight decay of the filters: beside the gradient in adamw and lion, in the gradient
    /// (<see cref="L2Penalty.Constant"/>) in the others.</param>
    /// <returns>The optimizer.</returns>
    /// <exception cref="ArgumentException">There is no optimizer of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Optimizer Create(string name, float? learningRate = null, float weightDecay = 0)
    {
        foreach ((string known, Func<float?, float, Optimizer> create) in s_all)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return create(learningRate, weightDecay);
        }

        throw new ArgumentException($"Optimizers: there is no '{name}'; expected {string.Join(", ", Names)}.", nameof(name));
    }
}
