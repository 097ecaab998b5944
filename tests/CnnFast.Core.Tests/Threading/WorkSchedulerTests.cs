using CnnFast.Testing;

namespace CnnFast.Core.Tests;

public sealed class WorkSchedulerTests
{
    private const long Large = 1L << 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_part_runs_once_on_a_worker_below_the_limit(int threads)
    {
        IWorkScheduler scheduler = WorkScheduler.Create(threads);
        Assert.Equal(threads, scheduler.MaxThreads);
        foreach (int count in (int[])[0, 1, 2, 3, 7, 100, 5000])
        {
            var runs = new int[count];
            var workers = new int[count];
            scheduler.Run(count, Large, new CountingAction(runs, workers));
            Assert.All(runs, r => Assert.Equal(1, r));
            Assert.All(workers, w => Assert.InRange(w, 0, threads - 1));
        }
    }

    [Fact]
    public void No_two_parts_run_at_once_with_the_same_worker()
    {
        IWorkScheduler scheduler = new ParallelForScheduler(4);
        var busy = new int[4];
        var clashes = new int[1];
        for (int repeat = 0; repeat < 20; repeat++)
            scheduler.Run(200, Large, new ExclusiveAction(busy, clashes));
        Assert.Equal(0, clashes[0]);
        Assert.Equal([0, 0, 0, 0], busy);
    }

    [Theory]
    [InlineData(1, Large)]
    [InlineData(8, TeamScheduler.Grain - 1)]
    public void One_thread_and_small_work_stay_on_the_calling_thread_in_order(int threads, long cost)
    {
        var order = new List<(int Index, int Worker, int Thread)>();
        WorkScheduler.Create(threads).Run(50, cost, new RecordingAction(order));
        int caller = Environment.CurrentManagedThreadId;
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (i, 0, caller)), order);
    }

    [Fact]
    public void One_thread_allocates_nothing()
    {
        var runs = new int[100];
        var action = new CountingAction(runs, new int[100]);
        IWorkScheduler scheduler = WorkScheduler.Create(1);
        scheduler.Run(100, Large, action);
        Assert.Equal(0, Allocations.Least(() => scheduler.Run(100, Large, action)));
        Assert.All(runs, r => Assert.InRange(r, 2, int.MaxValue));
    }

    [Fact]
    public void A_failing_part_reaches_the_caller()
    {
        Assert.Throws<InvalidOperationException>(() => WorkScheduler.Create(1).Run(3, Large, new FailingAction()));
        Assert.Throws<InvalidOperationException>(() => new ParallelForScheduler(2).Run(3, Large, new FailingAction()));
    }

    [Fact]
    public void One_scheduler_serves_several_callers_at_once()
    {
        IWorkScheduler scheduler = new ParallelForScheduler(2);
        Parallel.For(0, 8, _ =>
        {
            var runs = new int[300];
            scheduler.Run(300, Large, new CountingAction(runs, new int[300]));
            Assert.All(runs, r => Assert.Equal(1, r));
        });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_negative_number_of_threads_is_rejected(int threads) =>
        Assert.Equal("maxThreads", Assert.Throws<ArgumentOutOfRangeException>(() => WorkScheduler.Create(threads)).ParamName);

    [Fact]
    public void Zero_threads_means_the_default()
    {
        using (new EnvironmentVariableScope(WorkScheduler.ThreadsVariable, null))
            Assert.Equal(Environment.ProcessorCount, WorkScheduler.Create(0).MaxThreads);
        using (new EnvironmentVariableScope(WorkScheduler.ThreadsVariable, "3"))
            Assert.Equal(3, WorkScheduler.Create(0).MaxThreads);
        using (new EnvironmentVariableScope(WorkScheduler.ThreadsVariable, "1"))
            Assert.Same(SerialScheduler.Instance, WorkScheduler.Create(0));
        using (new EnvironmentVariableScope(WorkScheduler.ThreadsVariable, "3"))
            Assert.Equal(5, WorkScheduler.Create(5).MaxThreads);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1025")]
    [InlineData("two")]
    [InlineData("1.5")]
    [InlineData(" 4")]
    [InlineData("99999999999999")]
    public void A_bad_number_in_the_environment_is_one_sentence(string text)
    {
        using var scope = new EnvironmentVariableScope(WorkScheduler.ThreadsVariable, text);
        var error = Assert.Throws<InvalidOperationException>(() => WorkScheduler.Create(0));
        Assert.Equal($"CNNFAST_NUM_THREADS is '{text}'; expected a whole number from 1 to 1024.", error.Message);
    }

    private readonly struct CountingAction(int[] runs, int[] workers) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            Interlocked.Increment(ref runs[index]);
            workers[index] = worker;
        }
    }

    private readonly struct ExclusiveAction(int[] busy, int[] clashes) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            if (Interlocked.Increment(ref busy[worker]) != 1)
                Interlocked.Increment(ref clashes[0]);
            Thread.SpinWait(200);
            Interlocked.Decrement(ref busy[worker]);
        }
    }

    private readonly struct RecordingAction(List<(int Index, int Worker, int Thread)> order) : IRangeAction
    {
        public void Invoke(int index, int worker) => order.Add((index, worker, Environment.CurrentManagedThreadId));
    }

    private readonly struct FailingAction : IRangeAction
    {
        public void Invoke(int index, int worker) => throw new InvalidOperationException("part failed");
    }
}
