namespace CnnFast.Testing;

/// <summary>Floats at the edges: zeros of both signs, subnormal numbers, the largest ones, infinities and NaN.</summary>
internal static class SpecialValues
{
    private static readonly float[] Values =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, -1.17549421e-38f, 1f, -1f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    /// <summary>Seeded values of which about one in four is special.</summary>
    public static float[] Mix(int count, int seed)
    {
        float[] values = SeededData.Uniform(count, seed);
        int[] choice = SeededData.Integers(count, 4 * Values.Length, seed + 1);
        for (int i = 0; i < count; i++)
            values[i] = choice[i] < Values.Length ? Values[choice[i]] : values[i];
        return values;
    }
}
