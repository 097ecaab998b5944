namespace CnnFast;

/// <summary>
/// Logarithm and cosine from additions, multiplications and divisions in a fixed order: the same bits on every machine and .NET version,
/// which the system's mathematics library does not promise. Errors stay below 1e-14.
/// </summary>
internal static class StableMath
{
    private const double Ln2 = 0.693147180559945309417232;

    /// <summary>The natural logarithm of a positive, normal number: exponent·ln 2 + 2·artanh((m − 1)/(m + 1)), m in [√½, √2).</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        double s = (m - 1.0) / (m + 1.0);
        double square = s * s;
        double series = 0;
        for (int k = 23; k >= 1; k -= 2)
            series = (series * square) + (1.0 / k);
        return (exponent * Ln2) + (2.0 * s * series);
    }

    /// <summary>cos(2πt) for t in [0, 1].</summary>
    public static double CosTurns(double t)
    {
        if (t > 0.5)
            t = 1.0 - t;
        bool negative = t > 0.25;
        if (negative)
            t = 0.5 - t;
        double value = t <= 0.125 ? Cosine(2.0 * Math.PI * t) : Sine(2.0 * Math.PI * (0.25 - t));
        return negative ? -value : value;
    }

    private static double Cosine(double x)
    {
        double square = x * x;
        double series = 1;
        for (int k = 18; k >= 2; k -= 2)
            series = 1.0 - (series * square / (k * (k - 1)));
        return series;
    }

    private static double Sine(double x)
    {
        double square = x * x;
        double series = 1;
        for (int k = 19; k >= 3; k -= 2)
            series = 1.0 - (series * square / (k * (k - 1)));
        return x * series;
    }
}
