namespace CnnFast.Server;

/// <summary>
/// Counts of times by their size, 32 steps an octave of nanoseconds, so that a quantile is right to 3 %. Thread-safe; allocates nothing.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;
    private readonly long[] _counts = new long[(64 - StepBits + 1) * Steps];

    public void Add(TimeSpan time)
    {
        ulong nanoseconds = (ulong)Math.Max(0, time.TotalNanoseconds);
        Interlocked.Increment(ref _counts[StepOf(nanoseconds)]);
    }

    /// <summary>The time that a share of all times is not above; zero when there are none.</summary>
    public TimeSpan Quantile(double share)
    {
        long total = 0;
        for (int i = 0; i < _counts.Length; i++)
            total += Interlocked.Read(ref _counts[i]);
        long rank = Math.Max(1, (long)Math.Ceiling(share * total));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += Interlocked.Read(ref _counts[i]);
            if (seen >= rank)
                return TimeSpan.FromTicks((long)(UpperEdge(i) / TimeSpan.NanosecondsPerTick));
        }

        return TimeSpan.Zero;
    }

    // The octave's number, then the bits after the leading one.
    private static int StepOf(ulong value)
    {
        if (value < Steps)
            return (int)value;
        int octave = 63 - System.Numerics.BitOperations.LeadingZeroCount(value);
        return ((octave - StepBits + 1) * Steps) + (int)((value >> (octave - StepBits)) & (Steps - 1));
    }

    private static double UpperEdge(int step) => step < Steps
        ? step + 1
        : Math.ScaleB(Steps + (step % Steps) + 1, (step / Steps) - 1);
}
