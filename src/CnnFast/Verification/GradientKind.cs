namespace CnnFast.Verification;

/// <summary>What a tensor of a <see cref="GradientReport"/> is.</summary>
public enum GradientKind
{
    /// <summary>A trainable parameter.</summary>
    Parameter,

    /// <summary>A moving statistic, whose "gradient" is that of the batch.</summary>
    Statistic,

    /// <summary>An input of the model.</summary>
    Input,

    /// <summary>What a layer computes.</summary>
    Value,

    /// <summary>An output that a loss reads; the gradient is the loss's own.</summary>
    Loss,
}
