namespace CnnFast.Training;

/// <summary>
/// Limits of gradients before an optimizer sees them, as PyTorch's <c>clip_grad_value_</c> and <c>clip_grad_norm_</c>. Where both are
/// given, values come first. Weight decay is not part of the gradients yet. Immutable; the default limits nothing.
/// </summary>
public sealed record GradientClipping
{
    // As in PyTorch's clip_grad_norm_.
    private const double NormEpsilon = 1e-6;

    /// <summary>No limits.</summary>
    public static GradientClipping None { get; } = new();

    /// <summary>
    /// The largest norm of all gradients that are trained together, √Σg² (Pascanu, Mikolov and Bengio 2013): where it is greater, all are
    /// multiplied by MaxNorm / (norm + 1e-6). A finite number above 0; null, the default, is no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float? MaxNorm
    {
        get;
        init => field = RequireLimit(nameof(MaxNorm), value);
    }

    /// <summary>The largest magnitude of an element: a finite number above 0; null, the default, is no limit. A NaN stays one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float? MaxValue
    {
        get;
        init => field = RequireLimit(nameof(MaxValue), value);
    }

    /// <summary>Whether there is a limit.</summary>
    internal bool IsLimit => MaxNorm is not null || MaxValue is not null;

    /// <summary>The factor of gradients of a norm; 1 where they stay.</summary>
    internal float FactorFor(double norm) => MaxNorm is { } most ? (float)Math.Min(most / (norm + NormEpsilon), 1) : 1;

    private static float? RequireLimit(string option, float? limit) => limit is null || (float.IsFinite(limit.Value) && limit > 0)
        ? limit
        : throw new ArgumentOutOfRangeException(option,
            FormattableString.Invariant($"GradientClipping: {option} is {limit}; expected a finite number above 0."));
}
