namespace CnnFast.Benchmarks.Peers;

/// <summary>The threads of engines that take turns.</summary>
internal static class EngineThreads
{
    private const int MaxWaits = 50;
    private const double IdleMilliseconds = 0.3;

    /// <summary>Waits until the threads of the last engine no longer spin.</summary>
    /// <param name="threads">Threads of each engine.</param>
    public static void Settle(int threads)
    {
        if (threads == 1)
            return;
        for (int i = 0; i < MaxWaits; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(1);
            if ((Environment.CpuUsage.TotalTime - before).TotalMilliseconds < IdleMilliseconds)
                return;
        }
    }
}
