using CnnFast.Verification;
using Spectre.Console;

namespace CnnFast.Cli;

/// <summary>Shows how far a check is: a live bar on a terminal, nothing elsewhere.</summary>
internal static class CheckLines
{
    /// <summary>Runs a check under the view.</summary>
    public static T Show<T>(CommandHost host, string title, Func<IProgress<CheckProgress>?, T> check)
    {
        if (!host.ShowsProgress)
            return check(null);
        return host.ErrorConsole()
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RateColumn(), new RemainingTimeColumn())
            .Start(context => check(new Bar(context.AddTask(title))));
    }

    /// <summary>Does a job that says how many of its parts are done; at first a clock, since the total may not be known.</summary>
    /// <param name="host">Where the view goes.</param>
    /// <param name="title">What is done.</param>
    /// <param name="job">Given what to call with parts done and their total.</param>
    /// <param name="inBytes">Whether the parts are bytes.</param>
    public static T ShowParts<T>(CommandHost host, string title, Func<Action<long, long>?, T> job, bool inBytes = false)
    {
        if (!host.ShowsProgress)
            return job(null);
        ProgressColumn rate = inBytes ? new TransferSpeedColumn() : new RateColumn();
        return host.ErrorConsole()
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn(), rate,
                new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(title);
                task.IsIndeterminate = true;
                return job((done, total) =>
                {
                    task.IsIndeterminate = false;
                    task.MaxValue = Math.Max(done, total);
                    task.Value = done;
                });
            });
    }

    private sealed class Bar(ProgressTask task) : IProgress<CheckProgress>
    {
        public void Report(CheckProgress value)
        {
            task.MaxValue = value.Total;
            task.Value = value.Done;
        }
    }
}
