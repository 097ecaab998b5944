using System.Diagnostics;
using System.Globalization;
using CnnFast.Testing;

namespace CnnFast.Benchmarks;

/// <summary>
/// The quick mode: times every convolution of the shape files, forward and both backward passes, interleaved with the FMA peak in one
/// run, and prints GFLOP/s and percent of that peak by the best and by the median of the runs, and what creating the operator and
/// preparing its filter takes; then the poolings and the operators on vectors, interleaved with a vector copy of the same footprint, in
/// GB/s and percent of the copy's.
/// </summary>
public static class QuickBenchmark
{
    /// <summary>Runs the quick mode.</summary>
    /// <param name="filter">A part of the names of the shapes to run; empty runs all.</param>
    /// <param name="pass">A part of the names of the passes to run; empty runs all.</param>
    /// <param name="batch">Images of a run; 0 takes what the shape files say.</param>
    /// <param name="algorithm">How convolutions that more than one algorithm serves are computed.</param>
    /// <param name="threads">Threads of the operators.</param>
    /// <param name="seconds">Seconds to spend on each row.</param>
    /// <returns>The exit code: 2 when no shape has such a name.</returns>
    public static int Run(string filter, string pass, int batch, ConvAlgorithm algorithm, int threads, double seconds)
    {
        IWorkScheduler scheduler = WorkScheduler.CreateForInference(threads);
        (string Name, Conv2DGeometry Geometry)[] convolutions = [.. ShapeFile.Convolutions()
            .Where(s => s.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        (string Name, Pool2DGeometry Geometry)[] pools = [.. ShapeFile.Pools()
            .Where(s => s.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        MemoryJob[] vectors = [.. VectorJobs.All(scheduler).Where(j => j.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (convolutions.Length + pools.Length + vectors.Length == 0)
        {
            Console.Error.WriteLine($"No shape in {ShapeFile.Folder} has a name that contains '{filter}'.");
            return 2;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{CpuInfo.Description}, processor tier {CpuInfo.Isa}, {scheduler.MaxThreads} thread(s); " +
                $"percent of the FMA peak of {scheduler.MaxThreads} core(s), best / median of interleaved runs"));
        if (convolutions.Length > 0)
            Console.WriteLine($"{"shape",-22} {"pass",-16} {"kernel",-32} {"best us",10} {"median us",10} {"GFLOP/s",9} {"median",7} " +
                $"{"% peak",7} {"median",7} {"create us",10}");
        foreach ((string name, Conv2DGeometry shape) in convolutions)
        {
            Conv2DGeometry geometry = batch == 0 ? shape : shape.WithBatch(batch);
            foreach (ConvolutionJob job in ConvolutionJob.All(geometry, algorithm, scheduler)
                .Where(j => j.Pass.Contains(pass, StringComparison.OrdinalIgnoreCase)))
                Print(name, job, 2.0 * geometry.MultiplyAdds, scheduler.MaxThreads, seconds);
        }

        MemoryJob[] memory = [.. pools.SelectMany(p => PoolJobs.All(p.Name, p.Geometry, scheduler)), .. vectors];
        if (memory.Length > 0)
            Console.WriteLine(
                $"{"shape",-28} {"pass",-16} {"best us",10} {"median us",10} {"GB/s",9} {"median",7} {"% copy",7} {"median",7}");
        foreach (MemoryJob job in memory.Where(j => j.Pass.Contains(pass, StringComparison.OrdinalIgnoreCase)))
            Print(job, scheduler, seconds);

        return 0;
    }

    private static void Print(string name, ConvolutionJob job, double flops, int threads, double seconds)
    {
        (double[] times, double[] peaks) = Interleave(job.Run, () => FmaPeak.Run(20_000), seconds);
        double best = times[0], median = times[times.Length / 2];
        double peak = peaks[^1] * threads, peakMedian = peaks[peaks.Length / 2] * threads;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-22} {job.Pass,-16} {job.Kernel,-32} {best * 1e6,10:F1} {median * 1e6,10:F1} {flops / best * 1e-9,9:F1} " +
                $"{flops / median * 1e-9,7:F1} {100 * flops / best / peak,7:F1} {100 * flops / median / peakMedian,7:F1} " +
                $"{job.CreateMicroseconds,10:F1}"));
    }

    private static void Print(MemoryJob job, IWorkScheduler scheduler, double seconds)
    {
        var copy = new CopyBandwidth(job.Bytes, scheduler);
        (double[] times, double[] rates) = Interleave(job.Run, copy.Run, seconds);
        double best = job.Bytes / times[0], median = job.Bytes / times[times.Length / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{job.Name,-28} {job.Pass,-16} {times[0] * 1e6,10:F1} {times[times.Length / 2] * 1e6,10:F1} {best * 1e-9,9:F1} " +
                $"{median * 1e-9,7:F1} {100 * best / rates[^1],7:F1} {100 * median / rates[rates.Length / 2],7:F1}"));
    }

    // Times (ascending, seconds a run) and the rates of a yardstick that returns its work (ascending, work a second), taken in turns.
    private static (double[] Times, double[] Rates) Interleave(Action run, Func<double> yardstick, double seconds)
    {
        for (int i = 0; i < 3; i++)
            run();
        for (int i = 0; i < 5; i++)
            yardstick();
        long start = Stopwatch.GetTimestamp();
        run();
        int inner = (int)Math.Clamp(200e-6 / Stopwatch.GetElapsedTime(start).TotalSeconds, 1, 10_000);
        var times = new List<double>();
        var rates = new List<double>();
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds || times.Count < 7)
        {
            start = Stopwatch.GetTimestamp();
            double done = yardstick();
            rates.Add(done / Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < inner; i++)
                run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / inner);
        }

        times.Sort();
        rates.Sort();
        return ([.. times], [.. rates]);
    }
}
