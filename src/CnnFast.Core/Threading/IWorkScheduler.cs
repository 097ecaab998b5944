namespace CnnFast;

/// <summary>
/// Runs the parts of an action, inline or on several threads. Callers cut the parts from sizes, or so that no result
/// depends on where the cuts are, so results are the same bits whatever scheduler runs them.
/// </summary>
internal interface IWorkScheduler
{
    /// <summary>The most threads that run at once, the caller included; worker numbers are below it.</summary>
    int MaxThreads { get; }

    /// <summary>Runs parts 0 to <paramref name="count"/> − 1 and returns when all have run.</summary>
    /// <param name="count">Parts.</param>
    /// <param name="cost">Estimated cost of all parts together in fused multiply-adds (or loads); small work runs inline.</param>
    /// <param name="action">The action; parts may share it.</param>
    void Run<TAction>(int count, long cost, in TAction action)
        where TAction : struct, IRangeAction;
}
