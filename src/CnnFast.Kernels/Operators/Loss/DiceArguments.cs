namespace CnnFast.Operators;

/// <summary>What <see cref="DiceOperator"/> computes a loss from.</summary>
internal readonly ref struct DiceArguments
{
    /// <summary>Samples.</summary>
    public required int Count { get; init; }

    /// <summary>Logits of a pixel.</summary>
    public required int Classes { get; init; }

    /// <summary>Whether the classes exclude each other: softmax over them, else the sigmoid of each.</summary>
    public required bool IsSoftmax { get; init; }

    /// <summary><c>[Count, pixels, Classes]</c>.</summary>
    public required ReadOnlySpan<float> Logits { get; init; }

    /// <summary>One number a logit, from 0 to 1; empty where <see cref="Labels"/> are given.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>The class of every pixel; without softmax, 0 or 1 for every logit.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The label of pixels that do not count; null where all do. With softmax only.</summary>
    public int? IgnoredLabel { get; init; }

    /// <summary>How much each sample counts, <c>[Count]</c>; empty where all count 1.</summary>
    public ReadOnlySpan<float> SampleWeights { get; init; }

    /// <summary>What is added to numerator and denominator.</summary>
    public required float Smoothing { get; init; }

    /// <summary>As long as <see cref="Logits"/>: receives the gradient; empty means that it is not wanted.</summary>
    public Span<float> Gradient { get; init; }

    /// <summary>The factor of the gradient.</summary>
    public required float Scale { get; init; }
}
