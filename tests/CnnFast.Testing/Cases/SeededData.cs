namespace CnnFast.Testing;

/// <summary>
/// Test data that is the same on every machine and runtime: SplitMix64 (Steele, Lea and Flood, 2014). A longer array of the same
/// seed starts with the shorter one.
/// </summary>
public static class SeededData
{
    /// <summary>Uniform values in [−1, 1), multiples of 2⁻²³.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The values.</returns>
    public static float[] Uniform(int count, int seed)
    {
        var values = new float[count];
        ulong state = (ulong)(uint)seed << 20;
        for (int i = 0; i < count; i++)
            values[i] = ((int)(Next(ref state) >> 40) - (1 << 23)) * (1f / (1 << 23));
        return values;
    }

    /// <summary>Whole numbers from 0 to <paramref name="below"/> − 1.</summary>
    /// <param name="count">How many.</param>
    /// <param name="below">The first number that does not occur, at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The numbers.</returns>
    public static int[] Integers(int count, int below, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(below, 1);
        var values = new int[count];
        ulong state = (ulong)(uint)seed << 20;
        for (int i = 0; i < count; i++)
            values[i] = (int)((Next(ref state) >> 33) % (ulong)below);
        return values;
    }

    /// <summary>The same values in double.</summary>
    /// <param name="values">The values.</param>
    /// <returns>A copy.</returns>
    public static double[] ToDouble(ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (int i = 0; i < copy.Length; i++)
            copy[i] = values[i];
        return copy;
    }

    /// <summary>The absolute values in double: the input of the reference that gives the magnitudes.</summary>
    /// <param name="values">The values.</param>
    /// <returns>Their absolute values.</returns>
    public static double[] ToMagnitude(ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (int i = 0; i < copy.Length; i++)
            copy[i] = Math.Abs((double)values[i]);
        return copy;
    }

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
