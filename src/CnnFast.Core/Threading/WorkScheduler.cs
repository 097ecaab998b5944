using System.Globalization;

namespace CnnFast;

/// <summary>Chooses the scheduler for a number of threads.</summary>
internal static class WorkScheduler
{
    /// <summary>The environment variable that sets the default number of threads.</summary>
    public const string ThreadsVariable = "CNNFAST_NUM_THREADS";

    /// <summary>
    /// The default number of threads: <c>CNNFAST_NUM_THREADS</c> where it is set, else the processors that the process
    /// may use (a container's CPU limit included).
    /// </summary>
    /// <exception cref="InvalidOperationException">The variable is not a whole number from 1 to 1024.</exception>
    public static int DefaultThreads
    {
        get
        {
            string? text = Environment.GetEnvironmentVariable(ThreadsVariable);
            if (string.IsNullOrEmpty(text))
                return Environment.ProcessorCount;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= 1024)
                return threads;
            throw new InvalidOperationException($"{ThreadsVariable} is '{text}'; expected a whole number from 1 to 1024.");
        }
    }

    /// <summary>
    /// The scheduler of training and other batches; 0 threads means <see cref="DefaultThreads"/>.
    /// </summary>
    public static IWorkScheduler Create(int maxThreads)
    {
        int threads = Resolve(maxThreads);
        return threads == 1 ? SerialScheduler.Instance : new BatchScheduler(threads);
    }

    /// <summary>
    /// The scheduler of inference, which allocates nothing at any number of threads; 0 threads means <see cref="DefaultThreads"/>.
    /// </summary>
    public static IWorkScheduler CreateForInference(int maxThreads)
    {
        int threads = Resolve(maxThreads);
        return threads == 1 ? SerialScheduler.Instance : new TeamScheduler(threads);
    }

    private static int Resolve(int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxThreads);
        return maxThreads == 0 ? DefaultThreads : maxThreads;
    }
}
