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
        int last = state.Position.Metrics.Count;
        int[] ranked = [.. Ranked()];
        if (ranked.Take(options.KeepBest).Contains(last))
            Checkpoint.Save(state, PathOf(last));
        Save();
        foreach (int dropped in ranked.Skip(options.KeepBest).Where(epoch => epoch != last))
            File.Delete(PathOf(dropped));
    }

    /// <summary>Saves the state as it is.</summary>
    public void Save()
    {
        state.RequireFiniteWeights();
        Checkpoint.Save(state, options.Path);
        _last = Stopwatch.GetTimestamp();
    }

    private string PathOf(int epoch) => FormattableString.Invariant($"{options.Path}.epoch-{epoch}");

    // The best first; of equal ones the earlier. Epochs count through all Fits, and this one's are compared: another may have watched
    // another figure.
    private IEnumerable<int> Ranked()
    {
        List<double> metrics = state.Position.Metrics;
        int before = metrics.Count - state.Position.Epochs.Count;
        IEnumerable<int> measured = Enumerable.Range(before + 1, metrics.Count - before)
            .Where(epoch => !double.IsNaN(metrics[epoch - 1]));
        return monitor.LargerIsBetter
            ? measured.OrderByDescending(epoch => metrics[epoch - 1]).ThenBy(epoch => epoch)
            : measured.OrderBy(epoch => metrics[epoch - 1]).ThenBy(epoch => epoch);
    }
}
