using System.Diagnostics;
using System.Globalization;

namespace CnnFast.Benchmarks;

/// <summary>
/// Times the first runs of one convolution in a fresh process: what just-in-time compilation costs a program that has just started.
/// </summary>
public static class ColdBenchmark
{
    /// <summary>Prints the time of chosen runs, from the first on.</summary>
    /// <param name="shape">The name of a shape.</param>
    public static void Run(string shape)
    {
        Console.WriteLine($"{CpuInfo.Description}, processor tier {CpuInfo.Isa}, 1 thread");
        Conv2DGeometry geometry = ShapeFile.Convolutions().First(s => s.Name == shape).Geometry;
        foreach (ConvolutionJob job in ConvolutionJob.All(geometry, ConvAlgorithm.Auto, SerialScheduler.Instance))
        {
            var times = new List<double>();
            for (int run = 0; run < 200; run++)
            {
                long start = Stopwatch.GetTimestamp();
                job.Run();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape} {job.Pass,-16} us of run 1: {times[0]:F0}, 2: " +
                $"{times[1]:F0}, 10: {times[9]:F0}, 50: {times[49]:F0}, best: {times.Min():F0}"));
        }
    }
}
