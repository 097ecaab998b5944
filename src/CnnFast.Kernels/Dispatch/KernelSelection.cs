namespace CnnFast.Kernels;

/// <summary>Chooses from a family's list, which stands in order of preference.</summary>
internal static class KernelSelection
{
    /// <summary>The first set of the list that the limit allows here.</summary>
    /// <param name="sets">The family's list, best first; it ends with a scalar set.</param>
    /// <param name="limit">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ArgumentException">The limit is a tier that cannot run here.</exception>
    public static TSet Choose<TSet>(IReadOnlyList<TSet> sets, IsaLevel? limit)
        where TSet : class, IKernelSet
    {
        IsaLevel level = limit ?? CpuInfo.Isa;
        if (!CpuInfo.IsSupported(level))
            throw new ArgumentException($"Kernels of tier {level} were asked for, which this processor or runtime does not support.",
                nameof(limit));
        foreach (TSet set in sets)
        {
            if (CpuInfo.Allows(level, set.Isa))
                return set;
        }

        throw new InvalidOperationException($"The kernel list has no set for tier {level}; it must end with a scalar set.");
    }

    /// <summary>
    /// The first set of the list that the limit allows here, but no vectors of twice the channels or more where narrower ones give the same
    /// bits: they would be mostly surplus.
    /// </summary>
    /// <param name="sets">The family's list, best first; it ends with a scalar set.</param>
    /// <param name="channels">Channels that the vectors go along.</param>
    /// <param name="limit">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ArgumentException">The limit is a tier that cannot run here.</exception>
    public static TSet Choose<TSet>(IReadOnlyList<TSet> sets, int channels, IsaLevel? limit)
        where TSet : class, IKernelSet
    {
        TSet best = Choose(sets, limit);
        TSet[] alike = [.. sets.Where(set => Tiers.Mix(best.Isa, set.Isa))];
        return alike.FirstOrDefault(set => Tiers.VectorsOf(set.Isa).Lanes < 2 * channels) ?? alike[^1];
    }
}
