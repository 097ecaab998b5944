namespace CnnFast.Verification;

/// <summary>Which elements of a tensor are sampled: all of small ones, else random ones of a seed.</summary>
internal static class SampledElements
{
    public static int[] Of(GradientCheckOptions options, int stream, int count)
    {
        if (count <= options.Samples)
            return [.. Enumerable.Range(0, count)];
        var random = new SeededRandom(options.Seed, (ulong)stream + 100);
        var sample = new SortedSet<int>();
        while (sample.Count < options.Samples)
            sample.Add(random.NextInt32(count));
        return [.. sample];
    }
}
