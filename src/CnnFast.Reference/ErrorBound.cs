namespace CnnFast.Reference;

/// <summary>
/// The bound that every float kernel is held to: <c>|actual − reference| ≤ (terms + 4) · 2⁻²⁴ · magnitude</c> for each element, plus a
/// floor for denormals, where magnitude is the same reference run over absolute values (Higham, "Accuracy and Stability of Numerical
/// Algorithms", 2nd ed., section 3.1: a sum of n products in any order has an error of at most about n·u·Σ|x·w|). The bound comes from the
/// sum itself, so it is neither loose for short sums nor tight for long ones.
/// </summary>
public static class ErrorBound
{
    /// <summary>The unit roundoff of float, 2⁻²⁴.</summary>
    public const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>The absolute error that one element may have.</summary>
    /// <param name="magnitude">The reference run over absolute values.</param>
    /// <param name="terms">Terms of the sum behind the element.</param>
    /// <returns>The bound.</returns>
    public static double Of(double magnitude, long terms) =>
        ((terms + 4) * UnitRoundoff * magnitude) + (terms * (double)float.Epsilon);

    /// <summary>Compares a tensor with its reference, element by element.</summary>
    /// <param name="actual">The output under test.</param>
    /// <param name="reference">What it should be. Where it is NaN the output must be NaN; where it is infinite the output
    /// must be the same infinity.</param>
    /// <param name="magnitude">The same reference run over absolute values; finite where the reference is.</param>
    /// <param name="terms">Terms of the sum behind each element, at least 1.</param>
    /// <returns>The worst element.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static ErrorMeasure Measure(ReadOnlySpan<float> actual, ReadOnlySpan<double> reference, ReadOnlySpan<double> magnitude,
        long terms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(terms, 1);
        if (actual.Length != reference.Length || actual.Length != magnitude.Length)
            throw new ShapeException($"ErrorBound: {actual.Length} elements, {reference.Length} references and {magnitude.Length} " +
                "magnitudes; expected as many of each.");

        ErrorMeasure worst = ErrorMeasure.None;
        for (int i = 0; i < actual.Length; i++)
        {
            double bound = Of(magnitude[i], terms);
            double ratio = Ratio(actual[i], reference[i], bound);
            if (ratio > worst.Worst || worst.Index < 0)
                worst = new ErrorMeasure(ratio, i, actual[i], reference[i], bound);
        }

        return worst;
    }

    /// <summary>Compares a tensor with values that it must equal: bit for bit, but for the payload of a NaN.</summary>
    /// <param name="actual">The output under test.</param>
    /// <param name="expected">What it must be.</param>
    /// <returns>The first element that differs, with an infinite error; or a measure of 0.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static ErrorMeasure MeasureExact(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        if (actual.Length != expected.Length)
            throw new ShapeException(
                $"ErrorBound: {actual.Length} elements and {expected.Length} expected ones; expected as many of each.");
        for (int i = 0; i < actual.Length; i++)
        {
            bool same = float.IsNaN(expected[i])
                ? float.IsNaN(actual[i])
                : BitConverter.SingleToInt32Bits(actual[i]) == BitConverter.SingleToInt32Bits(expected[i]);
            if (!same)
                return new ErrorMeasure(double.PositiveInfinity, i, actual[i], expected[i], 0);
        }

        return actual.IsEmpty ? ErrorMeasure.None : new ErrorMeasure(0, 0, actual[0], expected[0], 0);
    }

    private static double Ratio(float actual, double reference, double bound)
    {
        if (double.IsNaN(reference))
            return float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (double.IsInfinity(reference))
            return actual == reference ? 0 : double.PositiveInfinity;
        if (!float.IsFinite(actual) || !double.IsFinite(bound))
            return double.PositiveInfinity;
        double error = Math.Abs(actual - reference);
        return error == 0 ? 0 : error / bound;
    }
}
