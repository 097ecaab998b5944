namespace CnnFast.Data;

/// <summary>The distribution that shares of mixed images are drawn from.</summary>
internal static class Beta
{
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public static void Require(string who, float alpha) =>
        OptionRange.Require(alpha is > 0 and <= 4, who, "Alpha", alpha, "above 0 and at most 4");

    /// <summary>
    /// A number of Beta(alpha, alpha), by Jöhnk's method ("Erzeugung von betaverteilten und gammaverteilten Zufallszahlen", 1964), which
    /// takes two tries where alpha is 1 and 70 where it is 4. Where alpha is so small that both powers are below all doubles, which of them
    /// is larger is seen in their logarithms.
    /// </summary>
    public static double Draw(ref ImageSample image, float alpha)
    {
        while (true)
        {
            double first = image.NextDouble();
            double second = image.NextDouble();
            double u = Math.Pow(first, 1.0 / alpha);
            double v = Math.Pow(second, 1.0 / alpha);
            if (u + v is > 0 and <= 1)
                return u / (u + v);
            if (u + v == 0 && first != second)
                return 1 / (1 + Math.Exp((Math.Log(second) - Math.Log(first)) / alpha));
        }
    }
}
