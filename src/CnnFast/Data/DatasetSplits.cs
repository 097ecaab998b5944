using System.Globalization;

namespace CnnFast.Data;

/// <summary>Which samples go to which part when a data set is cut.</summary>
internal static class DatasetSplits
{
    private const double Rounding = 1e-9;

    /// <summary>Parts in which every class has its share; samples of no class are shared out as those of one.</summary>
    /// <exception cref="ShapeException">A part would have no sample.</exception>
    /// <exception cref="ArgumentException">The fractions are no shares of 1.</exception>
    public static int[][] Stratified(ReadOnlySpan<int> labels, int classes, ulong seed, ReadOnlySpan<double> fractions)
    {
        Check("SplitStratified", fractions);
        List<int>[] parts = Empty(fractions.Length);
        int[][] members = Members(labels, classes);
        int[][] counts = StratifiedCounts.Of([.. members.Select(some => some.Length)], fractions);
        for (int c = 0; c < members.Length; c++)
        {
            new SeededRandom(seed, (ulong)c).Shuffle<int>(members[c]);
            int at = 0;
            for (int k = 0; k < parts.Length; k++)
            {
                parts[k].AddRange(members[c].AsSpan(at, counts[c][k]));
                at += counts[c][k];
            }
        }

        return Finish("SplitStratified", parts);
    }

    /// <summary>Parts that groups never cross: the largest groups first, each to the part that lacks most.</summary>
    /// <exception cref="ShapeException">There are fewer groups than parts.</exception>
    /// <exception cref="ArgumentException">The fractions are no shares of 1.</exception>
    public static int[][] Grouped(IReadOnlyList<string> groups, ulong seed, ReadOnlySpan<double> fractions)
    {
        Check("SplitGrouped", fractions);
        var members = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var order = new List<List<int>>();
        for (int i = 0; i < groups.Count; i++)
        {
            if (!members.TryGetValue(groups[i], out List<int>? group))
            {
                members.Add(groups[i], group = []);
                order.Add(group);
            }

            group.Add(i);
        }

        List<int>[] shuffled = [.. order];
        new SeededRandom(seed).Shuffle<List<int>>(shuffled);
        List<int>[] parts = Empty(fractions.Length);
        int left = shuffled.Length;
        foreach (List<int> group in shuffled.OrderByDescending(group => group.Count))
        {
            // The last groups are kept for parts that have none.
            bool toEmpty = left-- <= parts.Count(part => part.Count == 0);
            int best = 0;
            double most = double.NegativeInfinity;
            for (int k = 0; k < parts.Length; k++)
            {
                double lacks = (fractions[k] * groups.Count) - parts[k].Count;
                if (lacks > most && !(toEmpty && parts[k].Count > 0))
                    (best, most) = (k, lacks);
            }

            parts[best].AddRange(group);
        }

        return Finish("SplitGrouped", parts);
    }

    /// <summary>The samples of every class, in order, and behind them those of none.</summary>
    public static int[][] Members(ReadOnlySpan<int> labels, int classes)
    {
        List<int>[] members = Empty(classes + 1);
        for (int i = 0; i < labels.Length; i++)
            members[(uint)labels[i] < (uint)classes ? labels[i] : classes].Add(i);
        return [.. members.Select(some => some.ToArray())];
    }

    private static void Check(string who, ReadOnlySpan<double> fractions)
    {
        double sum = 0;
        foreach (double fraction in fractions)
            sum += fraction > 0 ? fraction : double.NaN;
        if (fractions.IsEmpty || !(Math.Abs(sum - 1) <= Rounding))
        {
            string shown = string.Join(", ", fractions.ToArray().Select(fraction => fraction.ToString(CultureInfo.InvariantCulture)));
            throw new ArgumentException($"{who}: the fractions are {shown}; expected numbers above 0 whose sum is 1.", nameof(fractions));
        }
    }

    private static List<int>[] Empty(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<int>())];

    private static int[][] Finish(string who, List<int>[] parts)
    {
        int empty = Array.FindIndex(parts, part => part.Count == 0);
        if (empty >= 0)
            throw new ShapeException(
                $"{who}: part {empty + 1} of {parts.Length} would have no sample; expected more samples or fewer parts.");
        foreach (List<int> part in parts)
            part.Sort();
        return [.. parts.Select(part => part.ToArray())];
    }
}
