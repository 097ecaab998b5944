using System.Globalization;

namespace CnnFast.Visualization;

/// <summary>
/// Numbers as colours: where none is negative, grey from black, 0, to white, the largest; else from blue over white, 0, to red, both ends
/// the largest magnitude. What is no finite number takes the colour of paper.
/// </summary>
internal readonly struct ColorScale
{
    private static readonly Rgb Low = new(5, 80, 174);
    private static readonly Rgb High = new(164, 14, 38);

    private readonly float _limit;
    private readonly bool _signed;

    private ColorScale(float limit, bool signed) => (_limit, _signed) = (limit, signed);

    /// <summary>In words.</summary>
    public string Words => _signed
        ? $"blue {Number(-_limit)}, white 0, red {Number(_limit)}"
        : $"black 0, white {Number(_limit)}";

    public static ColorScale Of(ReadOnlySpan<float> values)
    {
        float limit = 0;
        bool signed = false;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            limit = MathF.Max(limit, MathF.Abs(value));
            signed |= value < 0;
        }

        return new ColorScale(limit, signed);
    }

    public static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    public Rgb Color(float value)
    {
        if (!float.IsFinite(value))
            return Rgb.Paper;
        float share = _limit == 0 ? 0 : value / _limit;
        if (_signed)
            return Rgb.Lerp(Rgb.White, share < 0 ? Low : High, MathF.Abs(share));
        return Rgb.Lerp(default, Rgb.White, share);
    }
}
