namespace CnnFast;

/// <summary>
/// Logarithm, powers and cosine from additions, multiplications and divisions in a fixed order: the same bits on every machine and .NET
/// version,
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

    /// <summary>value to a whole power of at least 0, by squaring.</summary>
    public static double Power(double value, long exponent)
    {
        double result = 1;
        for (; exponent > 0; exponent >>= 1, value *= value)
        {
            if ((exponent & 1) != 0)
                result *= value;
        }

        return result;
    }

    /// <summary>value, from 0 to 1, to a power above 0; where the result is below 1e-300 it is 0.</summary>
    public static double Power(double value, double exponent)
    {
        if (exponent == Math.Floor(exponent) && exponent < 1e9)
            return Power(value, (long)exponent);
        if (value < 1e-300)
            return 0;
        double power = exponent * Log(value);
        return power < -690 ? 0 : Exp(power);
    }

    // e^x = 2^n·e^r with |r| at most ½·ln 2, for x from −690 to 0.
    private static double Exp(double x)
    {
        int n = (int)Math.Floor((x / Ln2) + 0.5);
        double r = x - (n * Ln2);
        double series = 1;
        for (int k = 16; k >= 1; k--)
            series = 1.0 + (series * r / k);
        return series * BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);
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
