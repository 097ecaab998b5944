using CnnFast.Testing;

namespace CnnFast.Core.Tests;

public sealed class BatchSchedulerTests
{
    // Teams are for the life of a process: the tests share theirs.
    private static readonly WorkTeam s_team = new(7);

    [Theory]
    [InlineData(2, TeamScheduler.Grain - 1)]
    [InlineData(3, TeamScheduler.Grain)]
    [InlineData(8, BatchScheduler.WholeBatch - 1)]
    [InlineData(50, BatchScheduler.WholeBatch - 1)]
    [InlineData(8, BatchScheduler.WholeBatch)]
    public void Every_part_runs_once_on_a_worker_below_the_limit(int threads, long cost)
    {
        var scheduler = new BatchScheduler(threads, s_team);
        Assert.Equal(threads, scheduler.MaxThreads);
        foreach (int count in (int[])[0, 1, 2, 3, 7, 100, 5000])
        {
            var runs = new int[count];
            var workers = new int[count];
            scheduler.Run(count, cost, new CountingAction(runs, workers));
            Assert.All(runs, r => Assert.Equal(1, r));
            Assert.All(workers, w => Assert.InRange(w, 0, cost < TeamScheduler.Grain ? 0 : threads - 1));
        }
    }

    [Fact]
    public void Work_below_whole_batches_allocates_nothing()
    {
        var scheduler = new BatchScheduler(2, new WorkTeam(1));
        var action = new CountingAction(new int[100], new int[100]);
        scheduler.Run(100, BatchScheduler.WholeBatch - 1, action);
        Assert.Equal(0, Allocations.Least(() => scheduler.Run(100, BatchScheduler.WholeBatch - 1, action)));
    }

    [Fact]
    public void A_caller_that_finds_the_team_lent_still_gets_its_parts_run()
    {
        var scheduler = new BatchScheduler(4, s_team);
        Parallel.For(0, 8, _ =>
        {
            for (int repeat = 0; repeat < 200; repeat++)
            {
                var runs = new int[37];
                scheduler.Run(37, BatchScheduler.WholeBatch - 1, new CountingAction(runs, new int[37]));
                Assert.All(runs, r => Assert.Equal(1, r));
            }
        });
    }

    [Theory]
    [InlineData(BatchScheduler.WholeBatch - 1)]
    [InlineData(BatchScheduler.WholeBatch)]
    public void A_failing_part_reaches_the_caller(long cost) =>
        Assert.Throws<InvalidOperationException>(() => new BatchScheduler(2, s_team).Run(3, cost, new FailingAction()));

    private readonly struct CountingAction(int[] runs, int[] workers) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            Interlocked.Increment(ref runs[index]);
            workers[index] = worker;
        }
    }

    private readonly struct FailingAction : IRangeAction
    {
        public void Invoke(int index, int worker) => throw new InvalidOperationException("part failed");
    }
}
