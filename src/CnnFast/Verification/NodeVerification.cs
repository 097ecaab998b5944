namespace CnnFast.Verification;

/// <summary>What <see cref="ModelVerifier"/> found of one layer or output.</summary>
/// <param name="Name">The layer; of an output its name.</param>
/// <param name="Kind">What it computes, such as <c>Conv2D</c>.</param>
/// <param name="OutputShape">The shape of what it computes, with the batch.</param>
public sealed record NodeVerification(string Name, string Kind, Shape OutputShape)
{
    /// <summary>
    /// Of a layer: the kernels against its reference on the input that the kernels had. Of an output: the session against the reference
    /// from end to end. Null where there is no reference, or none whose bound is known.
    /// </summary>
    public ElementError? Error { get; init; }

    /// <summary>
    /// The largest difference from the reference run from end to end, as a part of the latter's largest value: what all errors came to.
    /// </summary>
    public double? Drift { get; init; }

    /// <summary>Whether what was compared is within its bound.</summary>
    public bool Holds => Error?.Holds ?? true;
}
