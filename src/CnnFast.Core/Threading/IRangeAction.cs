namespace CnnFast;

/// <summary>A unit of parallel work: a struct whose parts can run in any order on any thread.</summary>
internal interface IRangeAction
{
    /// <summary>Runs one part.</summary>
    /// <param name="index">The part, from 0 to the count − 1.</param>
    /// <param name="worker">The worker that runs it, from 0 to the scheduler's MaxThreads − 1; no two parts run at
    /// once with the same worker.</param>
    void Invoke(int index, int worker);
}
