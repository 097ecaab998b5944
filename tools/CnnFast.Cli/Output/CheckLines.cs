using CnnFast.Verification;
using Spectre.Console;

namespace CnnFast.Cli;

/// <summary>Shows how far a check is: a live bar on a terminal, nothing elsewhere.</summary>
internal static class CheckLines
{
    /// <summary>Runs a check under the view.</summary>
    public static T Show<T>(CommandHost host, string title, Func<IProgress<CheckProgress>?, T> check)
    {
        if (!host.ErrorIsTerminal)
            return check(null);
        return host.ErrorConsole()
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(context => check(new Bar(context.AddTask(title))));
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
