using System.Numerics;

namespace CnnFast;

/// <summary>
/// The generator behind everything that a seed must reproduce: xoshiro256** (Blackman and Vigna), its state filled by SplitMix64.
/// The sequence of a seed is part of the library's behaviour and does not change with the .NET version. A mutable struct: keep it
/// in a local or pass it by reference. Not thread-safe.
/// </summary>
internal struct SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the sequence of a seed; every stream of one seed is a sequence of its own.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Which sequence of that seed, such as an epoch or the index of a layer.</param>
    public SeededRandom(ulong seed, ulong stream = 0)
    {
        ulong state = seed;
        state = SplitMix64(ref state) ^ (stream * 0xD1342543DE82EF95UL);
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>The next number of [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next whole number of [0, <paramref name="bound"/>), each equally likely (Lemire's method with rejection).</summary>
    /// <param name="bound">One more than the largest number, at least 1.</param>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        uint range = (uint)bound;
        uint reject = (uint)-(int)range % range;
        ulong product;
        do
            product = (NextUInt64() >> 32) * range;
        while ((uint)product < reject);
        return (int)(product >> 32);
    }

    /// <summary>Puts values into a random order (Fisher-Yates), each order equally likely.</summary>
    /// <param name="values">The values to reorder.</param>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
