using CnnFast.Testing;

namespace CnnFast.Core.Tests;

public sealed class TeamSchedulerTests
{
    private const long Large = 1L << 40;

    // Teams are for the life of a process: the tests share theirs.
    private static readonly WorkTeam s_team = new(7);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_part_runs_once_on_a_worker_below_the_limit(int threads)
    {
        var scheduler = new TeamScheduler(threads, s_team);
        Assert.Equal(threads, scheduler.MaxThreads);
        foreach (int count in (int[])[0, 1, 2, 3, 7, 100, 5000])
        {
            for (int repeat = 0; repeat < 50; repeat++)
            {
                var runs = new int[count];
                var workers = new int[count];
                scheduler.Run(count, Large, new CountingAction(runs, workers, 0));
                Assert.All(runs, r => Assert.Equal(1, r));
                Assert.All(workers, w => Assert.InRange(w, 0, threads - 1));
            }
        }
    }

    [Fact]
    public void More_threads_than_the_team_has_are_not_promised()
    {
        Assert.Equal(8, new TeamScheduler(50, s_team).MaxThreads);
        Assert.Equal(1, WorkScheduler.CreateForInference(1).MaxThreads);
    }

    [Fact]
    public void Members_that_have_parked_are_woken_and_take_parts()
    {
        var scheduler = new TeamScheduler(2, s_team);
        int helped = 0;
        for (int repeat = 0; repeat < 20; repeat++)
        {
            Thread.Sleep(5);
            var runs = new int[200];
            var workers = new int[200];
            scheduler.Run(200, Large, new CountingAction(runs, workers, 2000));
            Assert.All(runs, r => Assert.Equal(1, r));
            helped += workers.Contains(1) ? 1 : 0;
        }

        Assert.True(helped > 0, "no parked member ever took a part");
    }

    [Fact]
    public void Callers_on_many_threads_all_get_their_parts_run()
    {
        var scheduler = new TeamScheduler(4, s_team);
        int wrong = 0;
        var callers = new Thread[6];
        for (int c = 0; c < callers.Length; c++)
        {
            callers[c] = new Thread(() =>
            {
                for (int repeat = 0; repeat < 2000; repeat++)
                {
                    var runs = new int[37];
                    scheduler.Run(37, Large, new CountingAction(runs, new int[37], 0));
                    if (runs.Any(r => r != 1))
                        Interlocked.Increment(ref wrong);
                }
            });
            callers[c].Start();
        }

        foreach (Thread caller in callers)
            caller.Join();
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_failing_part_reaches_the_caller_and_the_team_still_works()
    {
        var scheduler = new TeamScheduler(4, s_team);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => scheduler.Run(50, Large, new FailingAction()));
            Assert.StartsWith("part ", error.Message, StringComparison.Ordinal);
        }

        var runs = new int[50];
        scheduler.Run(50, Large, new CountingAction(runs, new int[50], 0));
        Assert.All(runs, r => Assert.Equal(1, r));
    }

    [Fact]
    public void No_thread_allocates()
    {
        var scheduler = new TeamScheduler(4, s_team);
        var action = new CountingAction(new int[100], new int[100], 50);
        for (int repeat = 0; repeat < 200; repeat++)
            scheduler.Run(100, Large, action);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int repeat = 0; repeat < 20; repeat++)
                scheduler.Run(100, Large, action);
        }));
    }

    [Fact]
    public void Small_work_stays_on_the_calling_thread()
    {
        var workers = new int[50];
        new TeamScheduler(8, s_team).Run(50, TeamScheduler.Grain - 1, new CountingAction(new int[50], workers, 0));
        Assert.All(workers, w => Assert.Equal(0, w));
    }

    private readonly struct CountingAction(int[] runs, int[] workers, int spin) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            Interlocked.Increment(ref runs[index]);
            workers[index] = worker;
            Thread.SpinWait(spin);
        }
    }

    private readonly struct FailingAction : IRangeAction
    {
        public void Invoke(int index, int worker) => throw new InvalidOperationException($"part {index} failed");
    }
}
