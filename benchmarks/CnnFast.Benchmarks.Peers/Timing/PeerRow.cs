namespace CnnFast.Benchmarks.Peers;

/// <summary>One pass of one shape, timed on all engines in turns.</summary>
/// <param name="Shape">The name of the shape.</param>
/// <param name="Pass">The pass.</param>
/// <param name="Operations">Floating-point operations, counted in direct multiply-adds.</param>
/// <param name="PeakBest">The FMA peak of all threads, operations a second, in the best of the turns.</param>
/// <param name="PeakMedian">The same, in the middle one.</param>
/// <param name="Ours">This library.</param>
/// <param name="OneThread">This library on one thread, where the others ran on more.</param>
/// <param name="Peers">The peers that compute such a pass.</param>
internal sealed record PeerRow(
    string Shape,
    ConvolutionPass Pass,
    double Operations,
    double PeakBest,
    double PeakMedian,
    EngineTime Ours,
    EngineTime? OneThread,
    IReadOnlyList<EngineTime> Peers)
{
    /// <summary>The time of the best peer by ours, from the fastest calls; NaN without peers.</summary>
    public double RatioBest => Correct.Min(p => (double?)p.BestSeconds) / Ours.BestSeconds ?? double.NaN;

    /// <summary>The time of the best peer by ours, from the middle calls; NaN without peers.</summary>
    public double RatioMedian => Correct.Min(p => (double?)p.MedianSeconds) / Ours.MedianSeconds ?? double.NaN;

    /// <summary>As <see cref="RatioBest"/>, without the peers' Winograd: what they do unless told otherwise.</summary>
    public double DirectBest => Direct.Min(p => (double?)p.BestSeconds) / Ours.BestSeconds ?? double.NaN;

    /// <summary>As <see cref="RatioMedian"/>, without the peers' Winograd.</summary>
    public double DirectMedian => Direct.Min(p => (double?)p.MedianSeconds) / Ours.MedianSeconds ?? double.NaN;

    /// <summary>Our time on one thread by that on all, from the fastest calls; NaN where all is one.</summary>
    public double GainBest => OneThread?.BestSeconds / Ours.BestSeconds ?? double.NaN;

    /// <summary>Our time on one thread by that on all, from the middle calls; NaN where all is one.</summary>
    public double GainMedian => OneThread?.MedianSeconds / Ours.MedianSeconds ?? double.NaN;

    /// <summary>Percent of the FMA peak, from the fastest calls of both.</summary>
    public double PercentBest => 100 * Operations / Ours.BestSeconds / PeakBest;

    /// <summary>Percent of the FMA peak, from the middle calls of both.</summary>
    public double PercentMedian => 100 * Operations / Ours.MedianSeconds / PeakMedian;

    /// <summary>What was wrong with any result of this row.</summary>
    public IEnumerable<string> Wrong =>
        Peers.Append(Ours).Where(e => e.Wrong is not null).Select(e => $"{e.Engine} ({e.Variant}): {e.Wrong}");

    private IEnumerable<EngineTime> Correct => Peers.Where(p => p.Wrong is null);

    private IEnumerable<EngineTime> Direct => Correct.Where(p => p.Engine != OneDnnEngine.WinogradName);
}
