namespace CnnFast.Kernels;

/// <summary>
/// A mask that is computed, not stored: element i is a hash of (seed, counter, i), so the backward pass repeats the forward's
/// and no thread count or vector width changes it.
/// </summary>
/// <param name="Key0">First half of the key made of seed and counter.</param>
/// <param name="Key1">Second half of the key.</param>
/// <param name="Threshold">An element is dropped when its 24 random bits are below this.</param>
/// <param name="Scale">The factor of kept elements, 1 / (1 − rate), so that the expectation stays.</param>
internal readonly record struct DropoutMask(int Key0, int Key1, int Threshold, float Scale)
{
    /// <summary>The mask of one use of one dropout layer.</summary>
    /// <param name="rate">The probability that an element is dropped: at least 0, below 1.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="counter">Which use of the generator this is, such as the step and the layer together.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public static DropoutMask Create(float rate, ulong seed, ulong counter)
    {
        if (!(rate >= 0f && rate < 1f))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"Dropout: rate is {rate}; expected at least 0 and below 1.");
        ulong key = Mix(Mix(seed) + counter);
        return new DropoutMask((int)key, (int)(key >> 32), (int)Math.Round(rate * (double)(1 << 24)), (float)(1.0 / (1.0 - rate)));
    }

    // The step and output function of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
