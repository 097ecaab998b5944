using System.Diagnostics;
using CnnFast.Testing;

namespace CnnFast.Cli;

/// <summary>The multiply-add peak of one core, measured here and now.</summary>
internal static class MeasuredPeak
{
    private const int Steps = 200_000;
    private const int Runs = 20;

    /// <summary>Measures for about ten milliseconds.</summary>
    /// <returns>GFLOP/s of one core.</returns>
    public static double Gflops()
    {
        double peak = 0;
        for (int i = 0; i < Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            double operations = FmaPeak.Run(Steps);
            peak = Math.Max(peak, operations / Stopwatch.GetElapsedTime(start).TotalSeconds * 1e-9);
        }

        return peak;
    }
}
