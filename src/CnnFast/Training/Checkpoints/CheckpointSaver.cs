using System.Diagnostics;

namespace CnnFast.Training;

/// <summary>Saves checkpoints of a Fit when it is time.</summary>
internal sealed class CheckpointSaver(TrainerState state, CheckpointOptions options, MonitoredFigure monitor)
{
    private long _last = Stopwatch.GetTimestamp();
    private int _steps;

    /// <summary>Called after every step.</summary>
    public void AfterStep()
    {
        _steps++;
        if ((options.EverySteps > 0 && _steps % options.EverySteps == 0) || Stopwatch.GetElapsedTime(_last) >= options.Interval)
            Save();
    }

    /// <summary>
    /// Called after every epoch. A process that ends on the way goes on from the epoch before, and saves all of it again.
    /// </summary>
    public void AfterEpoch()
    {
        if (options.KeepBest < 1)
        {
            Save();
            return;
        }

        state.RequireFiniteWeights();
        List<EpochResult> epochs = state.Position.Epochs;
        EpochResult[] ranked = [.. Ranked(epochs)];
        if (ranked.Take(options.KeepBest).Contains(epochs[^1]))
            Checkpoint.Save(state, PathOf(epochs[^1]));
        Save();
        foreach (EpochResult dropped in ranked.Skip(options.KeepBest).Where(epoch => epoch != epochs[^1]))
            File.Delete(PathOf(dropped));
    }

    /// <summary>Saves the state as it is.</summary>
    public void Save()
    {
        state.RequireFiniteWeights();
        Checkpoint.Save(state, options.Path);
        _last = Stopwatch.GetTimestamp();
    }

    private string PathOf(EpochResult epoch) => FormattableString.Invariant($"{options.Path}.epoch-{epoch.Epoch}");

    // The best first; of equal ones the earlier.
    private IEnumerable<EpochResult> Ranked(List<EpochResult> epochs)
    {
        IEnumerable<EpochResult> measured = epochs.Where(epoch => !double.IsNaN(monitor.Of(epoch)));
        return monitor.LargerIsBetter
            ? measured.OrderByDescending(monitor.Of).ThenBy(epoch => epoch.Epoch)
            : measured.OrderBy(monitor.Of).ThenBy(epoch => epoch.Epoch);
    }
}
