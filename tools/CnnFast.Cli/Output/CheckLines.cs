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

    /// <summary>Does a job that cannot say how far it is, under a clock.</summary>
    public static T ShowTime<T>(CommandHost host, string title, Func<T> job)
    {
        if (!host.ShowsProgress)
            return job();
        return host.ErrorConsole()
            .Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ElapsedTimeColumn())
            .Start(context =>
            {
                context.AddTask(title).IsIndeterminate = true;
                return job();
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
