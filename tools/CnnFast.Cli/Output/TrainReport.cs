using System.Globalization;
using System.Text.Json;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>What a training came to, for people and for machines.</summary>
internal static class TrainReport
{
    // Leaves room for the figures beside it.
    private const int CurveWidth = 24;

    public static void WriteText(TextWriter output, FitResult result, EvaluationResult test, Model model, string path)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Test accuracy  {test.Accuracy * 100:0.00} % of {test.Count:N0} images (loss {test.Loss:0.0000})"));
        if (result.StoppedEarly)
            output.WriteLine($"Stopped early  after epoch {result.Epochs.Count}; the weights are those of epoch {result.BestEpoch}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Time           {result.Seconds:0.0} s, {result.SamplesPerSecond:N0} images/s"));
        if (result.Epochs.Count > 1)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Loss           {Sparkline.Of([.. result.Epochs.Select(epoch => epoch.TrainLoss)], CurveWidth)} " +
                    $"{result.Epochs[0].TrainLoss:0.0000} to {result.Epochs[^1].TrainLoss:0.0000} over {result.Epochs.Count} epochs"));
        output.WriteLine($"Model          {path}");
        if (test.Confusion is { } confusion)
            output.Write("\n" + confusion.ToString(model.ClassNames));
    }

    public static void WriteJson(Utf8JsonWriter json, TrainRequest request, TrainNet net, FitResult result, EvaluationResult? test,
        Model model, string path)
    {
        json.WriteFinite("testAccuracy", test?.Accuracy ?? double.NaN);
        json.WriteFinite("testLoss", test?.Loss ?? double.NaN);
        json.WriteFinite("imagesPerSecond", Math.Round(result.SamplesPerSecond, 1));
        json.WriteFinite("seconds", Math.Round(result.Seconds, 3));
        json.WriteString("cpu", CpuInfo.Description);
        json.WriteBoolean("cancelled", result.Cancelled);
        json.WriteBoolean("stoppedEarly", result.StoppedEarly);
        json.WriteNumber("steps", result.Steps);
        json.WriteString("model", request.From ?? request.Preset.Name);
        json.WriteString("data", request.Data);
        json.WriteNumber("trainImages", net.Train.Count);
        json.WriteNumber("validationImages", net.Validation?.Count ?? 0);
        json.WriteNumber("testImages", net.Data.Test.Count);
        json.WriteNumber("parameters", model.ParameterCount);
        json.WriteNumber("seed", request.Fit.Seed);
        json.WriteNumber("threads", TrainCommand.Threads(request.Fit));
        json.WriteString("out", result.Steps > 0 ? path : null);
        if (model.ClassNames is { } names)
            json.WriteStrings("classes", names);
        WriteConfusion(json, test?.Confusion);
        json.WriteStartArray("epochs");
        foreach (EpochResult epoch in result.Epochs)
            WriteEpoch(json, epoch);
        json.WriteEndArray();
    }

    private static void WriteConfusion(Utf8JsonWriter json, ConfusionMatrix? confusion)
    {
        if (confusion is null)
            return;
        json.WriteStartArray("confusion");
        for (int actual = 0; actual < confusion.Classes; actual++)
        {
            json.WriteStartArray();
            for (int predicted = 0; predicted < confusion.Classes; predicted++)
                json.WriteNumberValue(confusion[actual, predicted]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteEpoch(Utf8JsonWriter json, EpochResult epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        json.WriteFinite("trainLoss", epoch.TrainLoss);
        json.WriteFinite("trainAccuracy", epoch.TrainAccuracy ?? double.NaN);
        json.WriteFinite("validationLoss", epoch.Validation?.Loss ?? double.NaN);
        json.WriteFinite("validationAccuracy", epoch.Validation?.Accuracy ?? double.NaN);
        json.WriteFinite("seconds", Math.Round(epoch.Seconds, 3));
        json.WriteFinite("imagesPerSecond", Math.Round(epoch.SamplesPerSecond, 1));
        json.WriteEndObject();
    }
}
