namespace CnnFast.Cli.Tests;

/// <summary>Digits drawn with a round pen of any width, which no data set holds.</summary>
internal static class PenStrokes
{
    // Points in a box of 0..10 × 0..16, y downwards; each digit is one or two strokes.
    private static readonly (double X, double Y)[][][] Strokes =
    [
        [[(5, 0), (2, 1.5), (0.5, 5), (0.5, 11), (2, 14.5), (5, 16), (8, 14.5), (9.5, 11), (9.5, 5), (8, 1.5), (5, 0)]],
        [[(5, 0), (5, 16)]],
        [[(0.5, 4), (1.5, 1.2), (5, 0), (8.5, 1.2), (9.3, 4), (8, 7.5), (0.5, 16), (10, 16)]],
        [[(1, 1.5), (5, 0), (8.6, 1.5), (8.8, 5), (7, 7.2), (4, 7.8), (7.5, 8.5), (9.6, 11), (8.8, 14.5), (5, 16), (0.8, 14.5)]],
        [[(2.5, 0), (0, 10), (10, 10)], [(7.5, 4), (7, 16)]],
        [[(9, 0), (1.6, 0), (1, 6.8), (5, 6), (8.6, 7.5), (9.6, 11), (8.4, 14.6), (5, 16), (0.8, 14.8)]],
        [[(7.5, 0), (3, 4), (0.6, 9), (0.8, 13), (3, 15.6), (6.5, 15.8), (9, 13.6), (9, 10.6), (6.8, 8.6), (3.6, 8.8), (1, 11.5)]],
        [[(0, 0), (10, 0), (3.5, 16)]],
        [[(8.6, 1.6), (5, 0), (1.6, 1.6), (1.6, 4.8), (8.4, 10.6), (9, 13.6), (5, 16), (1.2, 13.8), (1.6, 10.4), (8.2, 5), (8.6, 1.6)]],
        [[(8.8, 4), (7, 0.6), (3, 0.6), (1, 3.6), (2, 7.4), (5.6, 8), (8.6, 5.6), (8.8, 2.5), (8.4, 16)]],
    ];

    /// <summary>A digit drawn a little turned, slanted and stretched, as the seed says, with ink on paper of the given shades.</summary>
    public static byte[] Draw(int digit, int side, double penWidth, int paper, int ink, int seed)
    {
        var random = new Random(seed);
        double Around(double middle, double spread) => middle + (((2 * random.NextDouble()) - 1) * spread);
        double size = side * Around(0.035, 0.008);
        (double stretch, double slant, double turn) = (Around(0.9, 0.15), Around(0.15, 0.15), Around(0, 0.1));
        (double left, double top) = (side * Around(0.5, 0.1), side * Around(0.5, 0.1));
        (double X, double Y) Place((double X, double Y) p)
        {
            double x = ((p.X - 5) * stretch) - ((p.Y - 8) * slant);
            double y = p.Y - 8;
            return (left + (size * ((x * Math.Cos(turn)) - (y * Math.Sin(turn)))),
                top + (size * ((x * Math.Sin(turn)) + (y * Math.Cos(turn)))));
        }

        var lines = new List<((double X, double Y) From, (double X, double Y) To)>();
        foreach ((double X, double Y)[] stroke in Strokes[digit])
        {
            for (int i = 1; i < stroke.Length; i++)
                lines.Add((Place(stroke[i - 1]), Place(stroke[i])));
        }

        var pixels = new byte[side * side];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, side);
            double distance = lines.Min(line => Distance(x + 0.5, y + 0.5, line.From, line.To));
            double cover = Math.Clamp((penWidth / 2) - distance + 0.5, 0, Math.Min(1, penWidth));
            pixels[i] = (byte)Math.Round(paper + ((ink - paper) * cover));
        }

        return Png.Encode(side, side, Png.Grey, pixels);
    }

    private static double Distance(double x, double y, (double X, double Y) from, (double X, double Y) to)
    {
        (double dx, double dy) = (to.X - from.X, to.Y - from.Y);
        double t = Math.Clamp((((x - from.X) * dx) + ((y - from.Y) * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
        return Math.Sqrt(Math.Pow(x - from.X - (t * dx), 2) + Math.Pow(y - from.Y - (t * dy), 2));
    }
}
