using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CnnFast.Training;

namespace CnnFast.Visualization;

/// <summary>Parts of a page as JSON, which its script draws.</summary>
internal static class ReportFigures
{
    private const int ProfileRuns = 20;
    private const int MaxMatrix = 40;

    /// <summary>A number, or null where it is none.</summary>
    public static void WriteNumber(Utf8JsonWriter json, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }

    /// <summary>A list of numbers.</summary>
    public static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            WriteNumber(json, value);
        json.WriteEndArray();
    }

    /// <summary>Figures of a curve: six digits.</summary>
    public static double Short(double value) => Short(value, "g6");

    /// <summary>Figures in another form.</summary>
    public static double Short(double value, string form) =>
        double.IsFinite(value) ? double.Parse(value.ToString(form, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;

    /// <summary>Pairs of names and values.</summary>
    public static void WritePairs(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartArray(name);
        foreach ((string key, string value) in pairs)
        {
            json.WriteStartArray();
            json.WriteStringValue(key);
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>The confusion matrix and the figures of every class.</summary>
    public static void WriteClasses(Utf8JsonWriter json, ConfusionMatrix confusion, string of, IReadOnlyList<string>? names)
    {
        json.WriteStartArray("classes");
        for (int k = 0; k < confusion.Classes; k++)
            json.WriteStringValue(NameOf(names, k));
        json.WriteEndArray();
        json.WriteStartObject("confusion");
        json.WriteString("of", of);
        WriteCounts(json, confusion);
        json.WriteEndObject();
        json.WriteStartArray("perClass");
        for (int k = 0; k < confusion.Classes; k++)
        {
            json.WriteStartArray();
            WriteNumber(json, confusion.Precision(k));
            WriteNumber(json, confusion.Recall(k));
            WriteNumber(json, confusion.F1(k));
            json.WriteNumberValue(confusion.Count(k));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // Of many classes only what occurs: label, prediction, count.
    private static void WriteCounts(Utf8JsonWriter json, ConfusionMatrix confusion)
    {
        bool isWhole = confusion.Classes <= MaxMatrix;
        json.WriteStartArray(isWhole ? "counts" : "cells");
        for (int actual = 0; actual < confusion.Classes; actual++)
        {
            if (isWhole)
                json.WriteStartArray();
            for (int predicted = 0; predicted < confusion.Classes; predicted++)
            {
                long count = confusion[actual, predicted];
                if (isWhole)
                    json.WriteNumberValue(count);
                else if (count > 0)
                    WriteCell(json, actual, predicted, count);
            }

            if (isWhole)
                json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteCell(Utf8JsonWriter json, int actual, int predicted, long count)
    {
        json.WriteStartArray();
        json.WriteNumberValue(actual);
        json.WriteNumberValue(predicted);
        json.WriteNumberValue(count);
        json.WriteEndArray();
    }

    /// <summary>Calibration and the surest mistakes.</summary>
    public static void WriteAnswers(Utf8JsonWriter json, ClassifierRun run, string of, IReadOnlyList<string>? classes,
        Func<int, string>? imageName)
    {
        json.WriteStartObject("calibration");
        json.WriteNumber("error", run.CalibrationError);
        json.WriteStartArray("bins");
        foreach ((double from, double to, long count, double confidence, double accuracy) in run.Calibration)
        {
            json.WriteStartArray();
            json.WriteNumberValue(Short(from));
            json.WriteNumberValue(Short(to));
            json.WriteNumberValue(count);
            WriteNumber(json, confidence);
            WriteNumber(json, accuracy);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("mistakesWords", string.Create(CultureInfo.InvariantCulture, $"{run.WrongCount:N0} of {run.Confusion.Total:N0} " +
            $"answers are wrong ({of}); the model was surest of these {run.Mistakes.Count}."));
        json.WriteStartArray("mistakes");
        foreach (ClassifierRun.Answer answer in run.Mistakes)
        {
            json.WriteStartObject();
            json.WriteString("name", imageName?.Invoke(answer.Index) ??
                string.Create(CultureInfo.InvariantCulture, $"image {answer.Index}"));
            json.WriteString("label", NameOf(classes, answer.Label));
            json.WriteString("predicted", NameOf(classes, answer.Predicted));
            json.WriteNumber("confidence", answer.Confidence);
            json.WriteNumber("right", answer.Right);
            json.WriteString("picture", run.PictureOf(answer.Index));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What every layer takes for one sample on one thread.</summary>
    public static IReadOnlyList<NodeProfile> Profile(Model model)
    {
        if (model.Inputs.Count != 1 || model.Outputs.Count != 1)
            return [];
        using var session = new InferenceSession(model);
        return session.Profile(new float[model.InputShape.ElementCount], new float[model.OutputShape.ElementCount], ProfileRuns);
    }

    /// <summary>The same as JSON.</summary>
    public static void WriteTimes(Utf8JsonWriter json, IReadOnlyList<NodeProfile> times)
    {
        json.WriteString("timesWords", $"The median of {ProfileRuns} runs of one sample on one thread, on {CpuInfo.Description}.");
        json.WriteStartArray("times");
        foreach (NodeProfile time in times)
        {
            json.WriteStartArray();
            json.WriteStringValue(time.Name);
            json.WriteStringValue(time.Kind);
            json.WriteStringValue(time.Kernel ?? "");
            json.WriteStringValue(time.OutputShape.ToString());
            json.WriteNumberValue(Short(time.MedianMicroseconds));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>What a page says of the machine.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Machine(int threads)
    {
        yield return new("processor", CpuInfo.Description);
        yield return new("instructions", CpuInfo.Isa.ToString());
        yield return new("threads", (threads == 0 ? CpuInfo.DefaultThreads : threads).ToString(CultureInfo.InvariantCulture));
        yield return new("runtime", RuntimeInformation.FrameworkDescription);
        yield return new("CnnFast", typeof(Model).Assembly.GetName().Version?.ToString(3) ?? "");
    }

    /// <summary>The name of a class.</summary>
    public static string NameOf(IReadOnlyList<string>? names, int index) =>
        names is not null && index < names.Count ? names[index] : index.ToString(CultureInfo.InvariantCulture);
}
