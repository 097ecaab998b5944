namespace CnnFast.Testing;

/// <summary>What a piece of code allocates on the calling thread.</summary>
public static class Allocations
{
    private const int Attempts = 50;

    /// <summary>
    /// The fewest bytes that the calling thread allocated while it ran <paramref name="run"/>, over repeated attempts that end with the
    /// first zero. The runtime charges a thread for its own work too (a collection that another thread starts retires the thread's block, a
    /// method is compiled again), now and then; what the code allocates, it allocates in every attempt.
    /// </summary>
    public static long Least(Action run)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
