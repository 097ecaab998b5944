namespace CnnFast.Core.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_sequence_is_that_of_xoshiro256_starstar()
    {
        // The algorithm again, on a state filled by SplitMix64 as its authors recommend.
        ulong split = 42;
        ulong mixed = SplitMix64(ref split);
        split = mixed;
        ulong[] s = [SplitMix64(ref split), SplitMix64(ref split), SplitMix64(ref split), SplitMix64(ref split)];
        var random = new SeededRandom(42);
        for (int i = 0; i < 1000; i++)
        {
            ulong expected = ulong.RotateLeft(s[1] * 5, 7) * 9;
            ulong t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = ulong.RotateLeft(s[3], 45);
            Assert.Equal(expected, random.NextUInt64());
        }
    }

    [Fact]
    public void The_first_numbers_of_a_seed_never_change()
    {
        var random = new SeededRandom(1, 2);
        Assert.Equal([0x8F0E1CD4E34BDD22UL, 0x24445B8B2B2AB560UL, 0x21481457603F9DF7UL],
            new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64() });
    }

    [Fact]
    public void Seeds_and_streams_give_different_sequences()
    {
        var first = new HashSet<ulong>();
        for (ulong seed = 0; seed < 100; seed++)
        {
            for (ulong stream = 0; stream < 100; stream++)
                Assert.True(first.Add(new SeededRandom(seed, stream).NextUInt64()), $"seed {seed}, stream {stream} starts like another");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    public void Whole_numbers_are_in_range_and_equally_likely(int bound)
    {
        const int Draws = 100_000;
        var random = new SeededRandom(5);
        var counts = new int[bound];
        for (int i = 0; i < Draws; i++)
            counts[random.NextInt32(bound)]++;
        double expected = (double)Draws / bound;
        Assert.All(counts, count => Assert.InRange(count, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected))));
    }

    [Fact]
    public void A_bound_just_above_half_the_range_is_not_biased()
    {
        // Taking the remainder would give the lower third of this range twice as often.
        const int Bound = 0x60000000;
        const int Draws = 30_000;
        var random = new SeededRandom(6);
        int low = 0;
        for (int i = 0; i < Draws; i++)
            low += random.NextInt32(Bound) < Bound / 3 ? 1 : 0;
        Assert.InRange(low, 9_600, 10_400);
    }

    [Fact]
    public void A_bound_below_1_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).NextInt32(0));

    [Fact]
    public void Doubles_lie_from_0_to_below_1_with_the_mean_and_variance_of_a_flat_distribution()
    {
        const int Draws = 100_000;
        var random = new SeededRandom(7);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            double value = random.NextDouble();
            Assert.InRange(value, 0, 1 - double.Epsilon);
            sum += value;
            squares += value * value;
        }

        Assert.Equal(0.5, sum / Draws, 0.005);
        Assert.Equal(1.0 / 3, squares / Draws, 0.005);
    }

    [Fact]
    public void Every_order_of_four_is_equally_likely()
    {
        const int Draws = 48_000;
        var random = new SeededRandom(8);
        var counts = new Dictionary<(int, int, int, int), int>();
        for (int i = 0; i < Draws; i++)
        {
            int[] values = [0, 1, 2, 3];
            random.Shuffle<int>(values);
            (int, int, int, int) order = (values[0], values[1], values[2], values[3]);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 1_775, 2_225));
    }

    private static ulong SplitMix64(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
