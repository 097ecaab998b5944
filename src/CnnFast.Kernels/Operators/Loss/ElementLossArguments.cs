namespace CnnFast.Operators;

/// <summary>What <see cref="ElementLossOperator{TLoss}"/> computes a loss from.</summary>
internal readonly ref struct ElementLossArguments
{
    /// <summary>Samples.</summary>
    public required int Count { get; init; }

    /// <summary><c>[Count, K]</c>.</summary>
    public required ReadOnlySpan<float> Outputs { get; init; }

    /// <summary><c>[Count, K]</c>; empty where <see cref="Labels"/> are given.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary><c>[Count, K]</c>, each 0 or 1.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>How much each sample counts, <c>[Count]</c>; empty where all count 1.</summary>
    public ReadOnlySpan<float> SampleWeights { get; init; }

    /// <summary>How much the positive part of a target counts: a divisor of K of them, which repeat; empty where it counts 1.</summary>
    public ReadOnlySpan<float> PositiveWeights { get; init; }

    /// <summary><c>[Count, K]</c>: receives the gradient; empty means that it is not wanted.</summary>
    public Span<float> Gradient { get; init; }

    /// <summary>The factor of the gradient.</summary>
    public required float Scale { get; init; }
}
