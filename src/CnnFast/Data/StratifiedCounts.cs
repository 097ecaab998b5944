namespace CnnFast.Data;

/// <summary>
/// How many samples of every class go to every part: its share, rounded down or up, so that the parts' sizes are near their shares of all.
/// The largest part has at least one sample of every class.
/// </summary>
internal static class StratifiedCounts
{
    private const double Rounding = 1e-9;

    // What was made of a share: nothing to round, rounded down, up, or up for good.
    private enum Choice
    {
        None,
        Down,
        Up,
        Fixed,
    }

    /// <summary>The counts, by class and part.</summary>
    /// <param name="sizes">The samples of every class.</param>
    /// <param name="fractions">The share of each part, 1 together.</param>
    public static int[][] Of(int[] sizes, ReadOnlySpan<double> fractions)
    {
        int parts = fractions.Length;
        double all = 0;
        int largest = 0;
        foreach (double fraction in fractions)
            all += fraction;
        for (int k = 1; k < parts; k++)
            largest = fractions[k] > fractions[largest] + Rounding ? k : largest;

        var counts = new int[sizes.Length][];
        var up = new Choice[sizes.Length][];

        // How far the parts are behind their shares.
        var behind = new double[parts];
        for (int c = 0; c < sizes.Length; c++)
        {
            counts[c] = new int[parts];
            up[c] = new Choice[parts];
            int left = sizes[c];
            for (int k = 0; k < parts; k++)
            {
                double share = fractions[k] / all * sizes[c];
                counts[c][k] = (int)Math.Floor(share + Rounding);
                left -= counts[c][k];
                behind[k] += share - counts[c][k];
                up[c][k] = share - counts[c][k] > Rounding ? Choice.Down : Choice.None;
            }

            // Too few for the largest part to be sure of one.
            if (sizes[c] > 0 && counts[c][largest] == 0)
                left -= RoundUp(c, largest, Choice.Fixed);
            for (; left > 0; left--)
                RoundUp(c, Neediest(up[c], behind), Choice.Up);
        }

        while (Improve(up, counts, behind))
        {
        }

        return counts;

        int RoundUp(int c, int part, Choice choice)
        {
            counts[c][part]++;
            behind[part]--;
            up[c][part] = choice;
            return 1;
        }
    }

    private static int Neediest(Choice[] choices, double[] behind)
    {
        int best = -1;
        for (int k = 0; k < choices.Length; k++)
        {
            if (choices[k] == Choice.Down && (best < 0 || behind[k] > behind[best] + Rounding))
                best = k;
        }

        return best;
    }

    // Moves one sample from a part to one that is more than a sample further behind, through others where it must be. Where no such move
    // is left, no choice of roundings has a smaller sum of squares, and so all parts are within one sample where any choice is.
    private static bool Improve(Choice[][] up, int[][] counts, double[] behind)
    {
        int parts = behind.Length;
        var between = new int[parts, parts];
        for (int from = 0; from < parts; from++)
        {
            for (int to = 0; to < parts; to++)
                between[from, to] = Array.FindIndex(up, choices => choices[from] == Choice.Up && choices[to] == Choice.Down);
        }

        for (int start = 0; start < parts; start++)
        {
            int[] before = Reach(between, start);
            for (int end = 0; end < parts; end++)
            {
                if (before[end] < 0 || behind[end] - behind[start] <= 1 + Rounding)
                    continue;
                for (int to = end; to != start; to = before[to])
                {
                    int from = before[to];
                    int c = between[from, to];
                    (up[c][from], up[c][to]) = (Choice.Down, Choice.Up);
                    counts[c][from]--;
                    counts[c][to]++;
                }

                behind[start]++;
                behind[end]--;
                return true;
            }
        }

        return false;
    }

    // From which part each is reached; -1 where it is not.
    private static int[] Reach(int[,] between, int start)
    {
        var before = new int[between.GetLength(0)];
        Array.Fill(before, -1);
        before[start] = start;
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out int from))
        {
            for (int to = 0; to < before.Length; to++)
            {
                if (before[to] >= 0 || between[from, to] < 0)
                    continue;
                before[to] = from;
                queue.Enqueue(to);
            }
        }

        return before;
    }
}
