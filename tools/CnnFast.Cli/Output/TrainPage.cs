using System.Globalization;
using CnnFast.Training;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary>The page of <c>cnnfast train --report</c>.</summary>
internal static class TrainPage
{
    /// <summary>Creates the report, which is one of the callbacks of the training.</summary>
    public static TrainingReport Create(Trainer trainer, string? path, LivePage? live, TrainNet net, TrainRequest request,
        FitOptions fit) => new(trainer, path, new TrainingReportOptions
        {
            Title = $"Training of {request.From ?? request.Preset.Name} on {request.Data}",
            Samples = net.Train,
            Live = live,
            MaxThreads = fit.MaxThreads,
            Configuration = [.. Configuration(trainer, net, request, fit)],
        });

    /// <summary>Starts the server of <c>--live</c> and says where it is.</summary>
    /// <exception cref="InputException">The port cannot be used.</exception>
    public static LivePage? Live(CommandHost host, TrainRequest request)
    {
        if (request.Live is not { } port)
            return null;
        try
        {
            var live = LivePage.Start(port);
            host.Error.WriteLine($"Follow the training at {live.Address}, until it ends.");
            return live;
        }
        catch (IOException failure)
        {
            throw new InputException($"--live: {failure.Message}", failure);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Configuration(Trainer trainer, TrainNet net, TrainRequest request,
        FitOptions fit)
    {
        yield return new("model", net.Describe);
        yield return new("data", request.Data);
        yield return new("training images", Number(net.Train.Count));
        yield return new("validation images", Number(net.Validation?.Count ?? 0));
        yield return new("test images", Number(net.Data.Test.Count));
        yield return new("seed", Number(fit.Seed));
        yield return new("epochs", Number(fit.Epochs));
        yield return new("batch size", Number(fit.BatchSize));
        yield return new("optimizer", trainer.Optimizer.ToString()!);
        yield return new("loss", trainer.Loss.ToString()!);
        yield return new("schedule", fit.Schedule.ToString()!);
        yield return new("augmentation", fit.Augmentation?.ToString() ?? "none");
        yield return new("average of the weights", fit.WeightAverage?.ToString() ?? "none");
        yield return new("saved in", request.Out);
    }

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
