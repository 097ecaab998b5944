namespace CnnFast.Operators;

/// <summary>What <see cref="SoftmaxCrossEntropyOperator"/> computes a loss from.</summary>
internal readonly ref struct CrossEntropyArguments
{
    /// <summary>Rows: samples, or their pixels.</summary>
    public required int Rows { get; init; }

    /// <summary>Logits of a row.</summary>
    public required int Classes { get; init; }

    /// <summary><c>[Rows, Classes]</c>.</summary>
    public required ReadOnlySpan<float> Logits { get; init; }

    /// <summary><c>[Rows]</c>: from 0 to Classes − 1, or <see cref="IgnoredLabel"/>. Empty where <see cref="Targets"/> are given.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary><c>[Rows, Classes]</c>; the rows may have any sum.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>
    /// How much rows count: as many weights as divide them, each that of the same number of rows; empty where all count 1.
    /// </summary>
    public ReadOnlySpan<float> RowWeights { get; init; }

    /// <summary>How much classes count, <c>[Classes]</c>; empty where all count 1.</summary>
    public ReadOnlySpan<float> ClassWeights { get; init; }

    /// <summary>The label of rows that do not count; null where all do.</summary>
    public int? IgnoredLabel { get; init; }

    /// <summary>The part of each target that is spread evenly over the classes, from 0 to 1.</summary>
    public float Smoothing { get; init; }

    /// <summary>
    /// γ of the focal loss of labels, which the weights of classes then enter, but not what the mean divides by; else null.
    /// </summary>
    public float? Focus { get; init; }

    /// <summary><c>[Rows, Classes]</c>: receives the gradient by the logits; empty means that it is not wanted.</summary>
    public Span<float> Gradient { get; init; }

    /// <summary>The factor of the gradient.</summary>
    public required float Scale { get; init; }

    /// <summary>Whether the gradient is that of the mean: of the sum divided by the weight.</summary>
    public bool IsMean { get; init; }
}
