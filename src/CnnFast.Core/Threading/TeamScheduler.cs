namespace CnnFast;

/// <summary>
/// Runs parts on the process's <see cref="WorkTeam"/>: for runs of some tens of microseconds and up that must allocate nothing, as
/// inference is. Work below <see cref="Grain"/>, and work that finds the team lent to another caller, runs inline. Thread-safe.
/// </summary>
internal sealed class TeamScheduler : IWorkScheduler
{
    /// <summary>Multiply-adds below which a call stays on the calling thread: about 5 µs of one core.</summary>
    public const long Grain = 250_000;

    private readonly WorkTeam _team;

    public TeamScheduler(int maxThreads)
        : this(maxThreads, WorkTeam.Shared)
    {
    }

    public TeamScheduler(int maxThreads, WorkTeam team)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        _team = team;
        MaxThreads = Math.Min(maxThreads, team.Size);
    }

    public int MaxThreads { get; }

    public void Run<TAction>(int count, long cost, in TAction action)
        where TAction : struct, IRangeAction
    {
        int workers = Math.Min(MaxThreads, count);
        if (workers <= 1 || cost < Grain || !_team.TryRun(count, workers, action))
            SerialScheduler.Instance.Run(count, cost, action);
    }
}
