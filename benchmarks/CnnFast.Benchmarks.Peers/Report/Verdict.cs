using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>A row held against its target.</summary>
/// <param name="Row">The row.</param>
/// <param name="Target">Its target.</param>
/// <param name="Best">The ratio reached by the best runs.</param>
/// <param name="Median">The ratio reached by the middle runs.</param>
internal sealed record Verdict(PeerRow Row, Target Target, double Best, double Median)
{
    /// <summary>Whether both ratios reach the target; false where one could not be formed.</summary>
    public bool Reached => Best >= Target.Least && Median >= Target.Least;

    /// <summary>The target in words.</summary>
    public string Wanted => string.Create(CultureInfo.InvariantCulture, $"≥ {Target.Least:0.##}{(Target.Near is null ? "" : $" of the percent of {Target.Near}")}");

    /// <summary>Judges a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="target">Its target.</param>
    /// <param name="rows">All rows of the run, among them the shape that an odd one is held against.</param>
    /// <returns>The verdict, or null where that shape did not run.</returns>
    public static Verdict? Judge(PeerRow row, Target target, IEnumerable<PeerRow> rows)
    {
        if (target.Near is null)
            return new Verdict(row, target, row.RatioBest, row.RatioMedian);
        PeerRow? near = rows.FirstOrDefault(r => r.Shape == target.Near && r.Pass == row.Pass);
        return near is null ? null : new Verdict(row, target, row.PercentBest / near.PercentBest, row.PercentMedian / near.PercentMedian);
    }
}
