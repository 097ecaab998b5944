using System.Globalization;

namespace CnnFast.Cli;

/// <summary>
/// Whether one thing is faster than another. Of rounds in which both ran one after the other, stretches of ten rounds are drawn with
/// replacement 2,000 times (a paired block bootstrap with a fixed seed, because neighbours slow down together); of two runs at different
/// times, stretches of each. The middle 99 % of the ratios of medians is the interval. Faster or slower is what lies on one side of 1
/// with all of its interval, by at least the least difference; all else is no difference beyond the noise.
/// </summary>
/// <param name="RatioOfMedians">The median of B over that of A.</param>
/// <param name="RatioOfMinima">The best time of B over that of A.</param>
/// <param name="Low">The lower end of the interval of the ratio of medians.</param>
/// <param name="High">Its upper end.</param>
/// <param name="LeastDifference">The smallest part of the time that counts.</param>
internal sealed record NoiseVerdict(double RatioOfMedians, double RatioOfMinima, double Low, double High, double LeastDifference)
{
    /// <summary>What the place of code and data in memory may do to a time, of two sessions of one model too.</summary>
    public const double OfOneProcess = 0.03;

    /// <summary>The same of two processes.</summary>
    public const double OfTwoProcesses = 0.03;

    private const int Draws = 2000;
    private const int Block = 10;
    private const double Outside = 0.005;

    /// <summary><c>faster</c>, <c>slower</c> or <c>no difference beyond the noise</c>.</summary>
    public string Word => High < 1 && RatioOfMedians <= 1 - LeastDifference ? "faster"
        : Low > 1 && RatioOfMedians >= 1 + LeastDifference ? "slower"
        : "no difference beyond the noise";

    /// <summary>The verdict in one sentence.</summary>
    public string Sentence(string a, string b) => Word switch
    {
        "no difference beyond the noise" => string.Create(CultureInfo.InvariantCulture,
            $"No difference beyond the noise: {b} takes {RatioOfMedians:0.000} of the time of {a} " +
                $"(99 %: {Low:0.000} to {High:0.000})."),
        var word => string.Create(CultureInfo.InvariantCulture,
            $"{b} is {word}: it takes {RatioOfMedians:0.000} of the time of {a} (99 %: {Low:0.000} to {High:0.000})."),
    };

    /// <summary>The verdict on times of the same rounds.</summary>
    /// <param name="a">The times of A, one a round.</param>
    /// <param name="b">The times of B in the same rounds.</param>
    public static NoiseVerdict Of(IReadOnlyList<double> a, IReadOnlyList<double> b) => Of(a, b, OfOneProcess, (random, drawnA, drawnB) =>
    {
        for (int i = 0, start = 0; i < drawnA.Length; i++)
        {
            if (i % Block == 0)
                start = random.Next(a.Count);
            int round = (start + (i % Block)) % a.Count;
            (drawnA[i], drawnB[i]) = (a[round], b[round]);
        }
    });

    /// <summary>The verdict on two runs at different times.</summary>
    /// <param name="a">The times of A in order.</param>
    /// <param name="b">The times of B in order.</param>
    /// <param name="least">The smallest part of the time that counts.</param>
    public static NoiseVerdict OfSeparate(IReadOnlyList<double> a, IReadOnlyList<double> b, double least) =>
        Of(a, b, least, (random, drawnA, drawnB) =>
        {
            DrawBlocks(random, a, drawnA);
            DrawBlocks(random, b, drawnB);
        });

    private static NoiseVerdict Of(IReadOnlyList<double> a, IReadOnlyList<double> b, double least, Action<Random, double[], double[]> draw)
    {
        var random = new Random(1);
        double[] ratios = new double[Draws], drawnA = new double[a.Count], drawnB = new double[b.Count];
        for (int i = 0; i < Draws; i++)
        {
            draw(random, drawnA, drawnB);
            ratios[i] = Median(drawnB) / Median(drawnA);
        }

        Array.Sort(ratios);
        return new NoiseVerdict(Median([.. b]) / Median([.. a]), b.Min() / a.Min(),
            ratios[(int)(Draws * Outside)], ratios[(int)(Draws * (1 - Outside)) - 1], least);
    }

    private static void DrawBlocks(Random random, IReadOnlyList<double> times, double[] drawn)
    {
        for (int i = 0, start = 0; i < drawn.Length; i++)
        {
            if (i % Block == 0)
                start = random.Next(times.Count);
            drawn[i] = times[(start + (i % Block)) % times.Count];
        }
    }

    /// <summary>The median, as the ratios have it.</summary>
    public static double MedianOf(IEnumerable<double> values) => Median([.. values]);

    // Sorts what it is given.
    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
