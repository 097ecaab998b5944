using CnnFast.Compile;

namespace CnnFast.Tests.Compile;

/// <summary>The arena: values that are alive together never overlap, everything is aligned, and memory is reused.</summary>
public sealed class MemoryPlannerTests
{
    [Fact]
    public void Values_that_are_alive_together_never_overlap()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var random = new SeededRandom(seed);
            var values = new ValueLifetime[1 + random.NextInt32(40)];
            for (int id = 0; id < values.Length; id++)
            {
                int first = random.NextInt32(30);
                values[id] = new ValueLifetime(id, 1 + random.NextInt32(200), first, first + random.NextInt32(8));
            }

            (IReadOnlyDictionary<int, int> offsets, int length, long lowerBound, _) = MemoryPlanner.Plan(values, "Test");
            Assert.True(lowerBound <= length, $"seed {seed}: {length} is below the bound {lowerBound}");
            foreach (ValueLifetime a in values)
            {
                Assert.Equal(0, offsets[a.Id] % 16);
                Assert.True(offsets[a.Id] + a.Length <= length,
                    $"seed {seed}: value {a.Id} ends at {offsets[a.Id] + a.Length} of {length}");
                foreach (ValueLifetime b in values.Where(b => b.Id < a.Id && b.Overlaps(a)))
                    Assert.True(offsets[a.Id] + a.Length <= offsets[b.Id] || offsets[b.Id] + b.Length <= offsets[a.Id],
                        $"seed {seed}: values {a.Id} and {b.Id} overlap");
            }
        }
    }

    [Fact]
    public void A_chain_needs_its_largest_neighbours_alone()
    {
        ValueLifetime[] chain = [.. Enumerable.Range(0, 10).Select(i => new ValueLifetime(i, i == 4 ? 640 : 160, i, i + 1))];
        Assert.Equal(800, MemoryPlanner.Plan(chain, "Test").Length);
    }

    [Fact]
    public void An_arena_that_no_buffer_can_hold_is_one_sentence()
    {
        ShapeException error = Assert.Throws<ShapeException>(() => MemoryPlanner.Plan([new ValueLifetime(0, 3L << 30, 0, 1)], "The model"));
        Assert.StartsWith("The model needs 12884901888 bytes for its activations; expected at most", error.Message,
            StringComparison.Ordinal);
    }
}
