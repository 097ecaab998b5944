namespace CnnFast.Visualization;

/// <summary>
/// The roofline of some cores (Williams, Waterman, Patterson, "Roofline: An Insightful Visual Performance Model", 2009): their multiply-add
/// peak, and how fast they read what fits in a level of the caches. Immutable.
/// </summary>
/// <param name="PeakGflops">GFLOP/s of all cores together.</param>
/// <param name="PeakForm">The multiply-adds of the peak, such as <c>512-bit fused</c>.</param>
/// <param name="Levels">From the fastest: its name, the most bytes that it serves, 1e9 bytes a second.</param>
internal sealed record Roof(double PeakGflops, string PeakForm, IReadOnlyList<(string Name, long Bytes, double Gigabytes)> Levels)
{
    // A thread's share of level 3 is no clear line; a buffer far below it lies inside.
    private const int PartOfLevel3 = 4;

    /// <summary>Measures, for some tenths of a second.</summary>
    public static Roof Measure(int threads)
    {
        Machine machine = Machine.Current;
        var levels = new List<(string, long, double)>
        {
            ("level 2", (long)machine.L2Bytes * threads, ReadBandwidth.MeasureGigabytes(ReadBandwidth.CacheBytes, threads)),
        };
        long part = machine.L3Bytes / PartOfLevel3 / threads;
        if (part > machine.L2Bytes)
            levels.Add(("level 3", machine.L3Bytes, ReadBandwidth.MeasureGigabytes(part, threads)));
        levels.Add(("memory", long.MaxValue,
            ReadBandwidth.MeasureGigabytes(ReadBandwidth.MemoryBytes(threads), threads)));
        return new Roof(FmaPeak.MeasureGflops() * threads, FmaPeak.Name, levels);
    }

    /// <summary>The shortest time of work: what its multiply-adds take at the peak, or its bytes from the level that holds
    /// them all.</summary>
    /// <param name="multiplyAdds">Multiply-adds.</param>
    /// <param name="bytes">Bytes that are read or written.</param>
    /// <returns>Microseconds.</returns>
    public double Microseconds(long multiplyAdds, long bytes) =>
        Math.Max(2e-3 * multiplyAdds / PeakGflops, 1e-3 * bytes / Levels.First(level => bytes <= level.Bytes).Gigabytes);
}
