namespace CnnFast.Benchmarks.Peers;

/// <summary>A row held against a target.</summary>
/// <param name="Row">The row.</param>
/// <param name="Target">The target.</param>
/// <param name="Best">The ratio reached by the best runs.</param>
/// <param name="Median">The ratio reached by the middle runs.</param>
internal sealed record Verdict(PeerRow Row, Target Target, double Best, double Median)
{
    /// <summary>Whether both ratios reach the target; false where one could not be formed.</summary>
    public bool Reached => Best >= Target.Least && Median >= Target.Least;

    /// <summary>Judges a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="target">A target of it.</param>
    /// <param name="rows">All rows of the run, among them the shape that an odd one is held against.</param>
    /// <returns>The verdict, or null where that shape did not run.</returns>
    public static Verdict? Judge(PeerRow row, Target target, IEnumerable<PeerRow> rows)
    {
        switch (target.Kind)
        {
            case TargetKind.Near:
                PeerRow? near = rows.FirstOrDefault(r => r.Shape == target.Near && r.Pass == row.Pass);
                return near is null
                    ? null
                    : new Verdict(row, target, row.PercentBest / near.PercentBest, row.PercentMedian / near.PercentMedian);
            case TargetKind.Gain:
                return new Verdict(row, target, row.GainBest, row.GainMedian);
            default:
                return new Verdict(row, target, row.RatioBest, row.RatioMedian);
        }
    }
}
