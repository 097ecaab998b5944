using System.Globalization;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>How far a tensor is from what it should be, at the element where it is worst in units of the element's own bound.</summary>
/// <param name="Ratio">The error divided by the bound: at most 1 where it holds.</param>
/// <param name="Index">The element, counted in memory from 0; −1 where nothing was compared.</param>
/// <param name="Actual">Its value.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Bound">The absolute error that it may have.</param>
public readonly record struct ElementError(double Ratio, int Index, double Actual, double Expected, double Bound)
{
    /// <summary>The error of no elements.</summary>
    public static ElementError None => new(0, -1, 0, 0, 0);

    /// <summary>Whether it is within the bound.</summary>
    public bool Holds => Ratio <= 1;

    /// <summary>The worse of two.</summary>
    /// <param name="other">The other.</param>
    /// <returns>The one with the larger <see cref="Ratio"/>.</returns>
    public ElementError Max(ElementError other) => other.Ratio > Ratio || Index < 0 ? other : this;

    /// <summary>In words, such as <c>element 3 is 0.25, expected 0.5: 12.1 of the bound 0.02</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => Index < 0
        ? "nothing was compared"
        : string.Create(CultureInfo.InvariantCulture, $"element {Index} is {Actual:G9}, expected {Expected:G9}: {Ratio:G4} of the bound " +
            $"{Bound:G4}");

    internal static ElementError Measure(ReadOnlySpan<float> actual, double[] expected, double[] magnitudes, long terms)
    {
        ErrorMeasure worst = ErrorBound.Measure(actual, expected, magnitudes, Math.Max(1, terms));
        return new ElementError(worst.Worst, worst.Index, worst.Actual, worst.Reference, worst.Bound);
    }

    internal static ElementError Of(int index, double actual, double expected, double bound)
    {
        double error = Math.Abs(actual - expected);
        return new ElementError(error == 0 ? 0 : double.IsNaN(error) ? double.PositiveInfinity : error / bound, index, actual, expected,
            bound);
    }
}
