using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>One figure of a model held against its target.</summary>
/// <param name="Model">The model.</param>
/// <param name="Measure">What is bounded.</param>
/// <param name="Bound">The bound.</param>
/// <param name="Figures">What was reached.</param>
/// <param name="Reached">Whether every figure keeps to the bound.</param>
internal sealed record ModelVerdict(string Model, ModelMeasure Measure, double Bound, string Figures, bool Reached)
{
    /// <summary>The target and what was reached, such as <c>ratio 2 under (1.52/1.61)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Measure.ToString().ToLowerInvariant()} {Bound:0.##} {(Reached ? "reached" : $"under ({Figures})")}");

    /// <summary>Holds a row against a bound.</summary>
    public static ModelVerdict Judge(ModelRow row, ModelMeasure measure, double bound) => measure switch
    {
        ModelMeasure.Ratio => new(row.Model, measure, bound, Text($"{row.RatioBest:0.00}/{row.RatioMedian:0.00}"),
            row.RatioBest >= bound && row.RatioMedian >= bound),
        ModelMeasure.Median => new(row.Model, measure, bound, Text($"{row.RatioMedian:0.00}"), row.RatioMedian >= bound),
        ModelMeasure.Spread => new(row.Model, measure, bound, Text($"{row.Ours.Spread:0.00}, peer {row.PeerSpread:0.00}"),
            row.Ours.Spread <= Math.Min(bound, row.PeerSpread)),
        ModelMeasure.Overhead => new(row.Model, measure, bound, Text($"{row.Ours.Median * 1e6:0.000}"), row.Ours.Median * 1e6 <= bound),
        _ => new(row.Model, measure, bound, Text($"{row.AllocatedBytes:0.#}"), row.AllocatedBytes <= bound),
    };

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
