using System.Globalization;
using CnnFast.Training;
using Spectre.Console;

namespace CnnFast.Cli;

/// <summary>Shows how a training goes: a live bar on a terminal, a line an epoch elsewhere.</summary>
internal static class TrainProgress
{
    /// <summary>Runs a training under the view that fits where its messages go.</summary>
    public static FitResult Show(CommandHost host, Func<IProgress<FitProgress>, FitResult> train)
    {
        if (!host.ShowsProgress)
            return train(new Lines(host.Notes));

        IAnsiConsole console = host.ErrorConsole();
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RateColumn(), new RemainingTimeColumn())
            .Start(context => train(new Bar(console, context)));
    }

    private static string Describe(EpochResult epoch, int epochs) => string.Create(
        CultureInfo.InvariantCulture,
        $"Epoch {epoch.Epoch}/{epochs}: loss {epoch.TrainLoss:0.0000}, accuracy {epoch.TrainAccuracy * 100:0.00} " +
            $"%{Validation(epoch.Validation)} ({epoch.Seconds:0.0} s, {epoch.SamplesPerSecond:N0} images/s)");

    private static string Validation(EvaluationResult? test) =>
        test is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; validation loss {test.Loss:0.0000}, accuracy {test.Accuracy * 100:0.00} %");

    private sealed class Lines(TextWriter writer) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Completed is { } epoch)
                writer.WriteLine(Describe(epoch, value.Epochs));
        }
    }

    // Both lines stay short: a terminal may be 80 columns wide, and a broken line of a live view leaves rubbish behind.
    private sealed class Bar(IAnsiConsole console, ProgressContext context) : IProgress<FitProgress>
    {
        private const int WidthForSpeed = 100;
        private ProgressTask? _task;

        public void Report(FitProgress value)
        {
            _task ??= context.AddTask("Epoch 1", maxValue: (double)value.Epochs * value.Batches);
            _task.Value = ((double)(value.Epoch - 1) * value.Batches) + value.Batch;
            _task.Description = string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {value.Epoch}/{value.Epochs}  loss {value.Loss:0.000}  accuracy {value.Accuracy * 100:00.0} %{Speed(value)}");
            if (value.Completed is { } epoch)
                console.WriteLine(ShortLine(epoch, value));
        }

        private string Speed(FitProgress value) =>
            console.Profile.Width < WidthForSpeed
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"  {value.SamplesPerSecond:N0} images/s");

        private string ShortLine(EpochResult epoch, FitProgress value)
        {
            string test = epoch.Validation is { } found
                ? string.Create(CultureInfo.InvariantCulture, $"  validation {found.Accuracy * 100:0.00} %")
                : "";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {epoch.Epoch}/{value.Epochs}  loss {epoch.TrainLoss:0.0000}  accuracy {epoch.TrainAccuracy * 100:0.00} %{test}  " +
                    $"{epoch.Seconds:0.0} s{Speed(value)}");
        }
    }
}
