using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnFast;

/// <summary>How fast threads read memory that is larger, or smaller, than a cache: the slanted lines of a roofline. Thread-safe.</summary>
public static class ReadBandwidth
{
    private const int Runs = 7;
    private const long LeastBytesOfRun = 16L << 20;
    private const long LeastMemory = 64L << 20;
    private const long MostMemory = 256L << 20;
    private static float s_sink;

    /// <summary>Bytes of the buffer of one thread that stay in its level-2 cache: half of it.</summary>
    public static long CacheBytes => Machine.Current.L2Bytes / 2;

    /// <summary>
    /// Bytes of the buffer of one thread that no cache holds: together eight times level 3, 64 to 256 MiB, and each at least level 3, of
    /// which large processors have several, and four times level 2.
    /// </summary>
    /// <param name="threads">Threads that read at the same time, at least 1.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no thread.</exception>
    public static long MemoryBytes(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Machine machine = Machine.Current;
        long together = Math.Clamp(8L * machine.L3Bytes, LeastMemory, MostMemory);
        return Math.Max(together / threads, Math.Min(Math.Max(machine.L3Bytes, 4L * machine.L2Bytes), MostMemory));
    }

    /// <summary>Reads a buffer a thread, again and again.</summary>
    /// <param name="bytesPerThread">Bytes of each buffer, at least 4,096.</param>
    /// <param name="threads">Threads that read at the same time, at least 1.</param>
    /// <returns>Bytes a second of all threads, the best of some runs, divided by 1e9.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A buffer is smaller than 4,096 bytes or larger than an array can be, or there is no
    /// thread.</exception>
    public static double MeasureGigabytes(long bytesPerThread, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerThread, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesPerThread / sizeof(float), Array.MaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int rounds = (int)Math.Max(1, LeastBytesOfRun / bytesPerThread);
        var seconds = new double[threads, Runs];
        using var start = new Barrier(threads);
        void Read(int thread)
        {
            var buffer = new float[bytesPerThread / sizeof(float)];
            Array.Fill(buffer, 1);
            for (int run = 0; run < Runs; run++)
            {
                start.SignalAndWait();
                long before = Stopwatch.GetTimestamp();
                for (int round = 0; round < rounds; round++)
                    s_sink += Sum(buffer);
                seconds[thread, run] = Stopwatch.GetElapsedTime(before).TotalSeconds;
            }
        }

        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Read(thread)) { IsBackground = true })];
        foreach (Thread other in others)
            other.Start();
        Read(0);
        foreach (Thread other in others)
            other.Join();
        double best = Enumerable.Range(0, Runs).Min(run => Enumerable.Range(0, threads).Max(thread => seconds[thread, run]));
        return (double)(bytesPerThread / sizeof(float)) * sizeof(float) * rounds * threads / best * 1e-9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Sum(float[] buffer)
    {
        ReadOnlySpan<Vector512<float>> parts = MemoryMarshal.Cast<float, Vector512<float>>(buffer);
        Vector512<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + 4 <= parts.Length; i += 4)
        {
            a += parts[i];
            b += parts[i + 1];
            c += parts[i + 2];
            d += parts[i + 3];
        }

        return Vector512.Sum(a + b + c + d);
    }
}
