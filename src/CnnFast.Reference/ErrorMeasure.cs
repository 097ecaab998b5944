using System.Globalization;

namespace CnnFast.Reference;

/// <summary>How far a float tensor is from its double reference, at the element where it is worst in units of the bound.</summary>
/// <param name="Worst">The error divided by the bound: at most 1 where the bound holds, infinite where no bound
/// could (NaN, infinity).</param>
/// <param name="Index">The worst element; −1 when there are none.</param>
/// <param name="Actual">Its value.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Bound">The absolute error that it may have.</param>
public readonly record struct ErrorMeasure(double Worst, int Index, float Actual, double Reference, double Bound)
{
    /// <summary>The measure of no elements: no error.</summary>
    public static ErrorMeasure None => new(0, -1, 0, 0, 0);

    /// <summary>Whether every element is within its bound.</summary>
    public bool Holds => Worst <= 1;

    /// <summary>The worst element in figures, for assertion messages.</summary>
    public string Description => Index < 0
        ? "no elements"
        : string.Create(CultureInfo.InvariantCulture,
            $"element {Index} is {Actual:G9}, reference {Reference:G17}: {Worst:G4} of the bound {Bound:G4}");

    /// <summary>The worse of two measures.</summary>
    /// <param name="other">The other measure.</param>
    /// <returns>The one with the larger <see cref="Worst"/>.</returns>
    public ErrorMeasure Max(ErrorMeasure other) => other.Worst > Worst || Index < 0 ? other : this;
}
