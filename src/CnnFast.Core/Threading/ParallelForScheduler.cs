using System.Runtime.ExceptionServices;

namespace CnnFast;

/// <summary>
/// Runs parts with <see cref="Parallel"/>.For: one body a worker, parts handed out by one atomic counter so that a busy core
/// delays no one. A call costs some microseconds and about 2 KB, so work below <see cref="Grain"/> runs inline. Thread-safe.
/// </summary>
internal sealed class ParallelForScheduler : IWorkScheduler
{
    /// <summary>Multiply-adds below which a call stays on the calling thread: about 30 µs of one core.</summary>
    public const long Grain = 1_000_000;

    private readonly ParallelOptions _options;

    public ParallelForScheduler(int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        _options = new ParallelOptions { MaxDegreeOfParallelism = maxThreads };
    }

    public int MaxThreads => _options.MaxDegreeOfParallelism;

    public void Run<TAction>(int count, long cost, in TAction action)
        where TAction : struct, IRangeAction
    {
        int workers = Math.Min(MaxThreads, count);
        if (workers <= 1 || cost < Grain)
        {
            SerialScheduler.Instance.Run(count, cost, action);
            return;
        }

        var job = new Job<TAction>(action, count);
        try
        {
            Parallel.For(0, workers, _options, job.Work);
        }
        catch (AggregateException e)
        {
            // As from one thread: what a part threw, not a bundle of it.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private sealed class Job<TAction>(TAction action, int count)
        where TAction : struct, IRangeAction
    {
        private int _next;

        public void Work(int worker)
        {
            TAction local = action;
            for (int index = Interlocked.Increment(ref _next) - 1; index < count; index = Interlocked.Increment(ref _next) - 1)
                local.Invoke(index, worker);
        }
    }
}
