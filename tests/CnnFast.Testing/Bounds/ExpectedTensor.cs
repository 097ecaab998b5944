using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// What a kernel should produce: the double reference, the same reference over absolute values, and the terms of each sum.
/// </summary>
/// <param name="Values">The reference.</param>
/// <param name="Magnitudes">The reference run over absolute values.</param>
/// <param name="Terms">Terms of the longest sum.</param>
public sealed record ExpectedTensor(double[] Values, double[] Magnitudes, long Terms)
{
    /// <summary>Holds an output against this reference.</summary>
    /// <param name="actual">The output under test.</param>
    /// <returns>The worst element.</returns>
    public ErrorMeasure Measure(ReadOnlySpan<float> actual) => ErrorBound.Measure(actual, Values, Magnitudes, Terms);
}
