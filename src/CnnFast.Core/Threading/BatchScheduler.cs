namespace CnnFast;

/// <summary>
/// Runs the parts of training and evaluation. Work of some milliseconds runs on the process's <see cref="WorkTeam"/> and allocates nothing;
/// whole batches of large layers run with <see cref="Parallel"/>.For, so that the team is not lent for long while others infer, and so does
/// what finds the team lent. Work below the grains of the two runs inline. Thread-safe.
/// </summary>
internal sealed class BatchScheduler : IWorkScheduler
{
    /// <summary>Multiply-adds from which on a call runs with <see cref="Parallel"/>.For: some tens of milliseconds of one core.</summary>
    public const long WholeBatch = 1_000_000_000;

    private readonly WorkTeam _team;
    private readonly ParallelForScheduler _others;

    public BatchScheduler(int maxThreads)
        : this(maxThreads, WorkTeam.Shared)
    {
    }

    public BatchScheduler(int maxThreads, WorkTeam team)
    {
        _team = team;
        _others = new ParallelForScheduler(maxThreads);
    }

    public int MaxThreads => _others.MaxThreads;

    public void Run<TAction>(int count, long cost, in TAction action)
        where TAction : struct, IRangeAction
    {
        int workers = Math.Min(MaxThreads, count);
        if (workers <= 1 || cost < TeamScheduler.Grain)
            SerialScheduler.Instance.Run(count, cost, action);
        else if (cost >= WholeBatch || !_team.TryRun(count, workers, action))
            _others.Run(count, cost, action);
    }
}
