namespace CnnFast.DigitPictures;

/// <summary>Finds the connected parts of the ink and drops specks, so that dust does not count as a stroke.</summary>
internal static class InkParts
{
    /// <summary>Ink from which a pixel counts as drawn.</summary>
    public const float Drawn = 0.12f;

    // A part with less ink than this share of the largest is a speck: the dot of a stroke that was lifted is larger.
    private const double SpeckShare = 0.02;

    /// <summary>The ink without specks and without what is too faint to count.</summary>
    public static GreyImage WithoutSpecks(GreyImage ink)
    {
        var part = new int[ink.Values.Length];
        List<double> weights = Label(ink, part);
        double largest = weights.Max();
        var kept = new float[part.Length];
        for (int i = 0; i < part.Length; i++)
        {
            if (part[i] > 0 && weights[part[i]] >= SpeckShare * largest)
                kept[i] = ink.Values[i];
        }

        return new GreyImage(ink.Width, ink.Height, kept);
    }

    // Numbers the parts from 1 in <paramref name="part"/>, eight neighbours to a pixel, and returns the ink of each; entry 0 is unused.
    private static List<double> Label(GreyImage ink, int[] part)
    {
        var weights = new List<double> { 0 };
        var open = new Stack<int>();
        for (int start = 0; start < part.Length; start++)
        {
            if (part[start] != 0 || ink.Values[start] < Drawn)
                continue;
            double weight = 0;
            part[start] = weights.Count;
            open.Push(start);
            while (open.TryPop(out int at))
            {
                weight += ink.Values[at];
                (int y, int x) = Math.DivRem(at, ink.Width);
                for (int ny = Math.Max(0, y - 1); ny <= Math.Min(ink.Height - 1, y + 1); ny++)
                {
                    for (int nx = Math.Max(0, x - 1); nx <= Math.Min(ink.Width - 1, x + 1); nx++)
                    {
                        int next = (ny * ink.Width) + nx;
                        if (part[next] != 0 || ink.Values[next] < Drawn)
                            continue;
                        part[next] = weights.Count;
                        open.Push(next);
                    }
                }
            }

            weights.Add(weight);
        }

        return weights;
    }
}
