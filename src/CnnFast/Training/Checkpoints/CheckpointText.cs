using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CnnFast.Training;

/// <summary>The state of a training as JSON; numbers that may be infinite or NaN are texts.</summary>
internal static class CheckpointText
{
    /// <summary>Writes a state.</summary>
    public static string Write(CheckpointState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("optimizer", state.Optimizer);
            WriteTexts(json, "optimizer_tensors", state.OptimizerTensors ?? []);
            json.WriteNumber("steps", state.Steps);
            json.WriteNumber("epochs", state.Epochs);
            json.WriteNumber("average_steps", state.AverageSteps);
            WriteDouble(json, "average_decay", state.AverageDecay);
            json.WriteBoolean("average_warm_up", state.AverageWarmUp);
            json.WriteBoolean("is_open", state.IsOpen);
            json.WriteNumber("first_step", state.FirstStep);
            WriteDouble(json, "first_epoch", state.FirstEpoch ?? 0);
            json.WriteNumber("batch", state.Batch);
            json.WriteNumber("samples", state.Samples);
            json.WriteNumber("correct", state.Correct ?? -1);
            json.WriteNumber("counted", state.Counted);
            WriteDouble(json, "factor", state.Factor);
            WriteDoubles(json, "loss_sums", state.LossSums);
            WriteDoubles(json, "loss_weights", state.LossWeights);
            json.WriteStartArray("results");
            foreach (EpochResult epoch in state.Results)
                WriteEpoch(json, epoch);
            json.WriteEndArray();
            WriteDoubles(json, "metrics", state.Metrics);
            json.WriteNumber("best_epoch", state.BestEpoch);
            json.WriteNumber("seed", state.Seed);
            json.WriteNumber("batch_size", state.BatchSize);
            json.WriteNumber("accumulation", state.Accumulation);
            json.WriteNumber("count", state.Count);
            json.WriteStartObject("options");
            foreach ((string name, string text) in state.Description)
                json.WriteString(name, text);
            json.WriteEndObject();
            WriteDouble(json, "seconds", state.Seconds);
            WriteDoubles(json, "normalization_scales", state.NormalizationScales);
            WriteDoubles(json, "normalization_offsets", state.NormalizationOffsets);
            WriteTexts(json, "frozen", state.Frozen);
            if (state.ClassNames is { } names)
                WriteTexts(json, "class_names", names);

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a state; null where the text is none.</summary>
    public static CheckpointState? TryRead(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static CheckpointState Read(JsonElement json) => new()
    {
        Optimizer = Text(json, "optimizer"),
        OptimizerTensors = json.TryGetProperty("optimizer_tensors", out JsonElement tensors) ? ReadTexts(tensors) : null,
        Steps = json.GetProperty("steps").GetInt64(),
        Epochs = json.GetProperty("epochs").GetInt32(),
        AverageSteps = json.GetProperty("average_steps").GetInt64(),
        AverageDecay = (float)ReadDouble(json, "average_decay"),
        AverageWarmUp = json.GetProperty("average_warm_up").GetBoolean(),
        IsOpen = json.GetProperty("is_open").GetBoolean(),
        FirstStep = json.GetProperty("first_step").GetInt64(),
        FirstEpoch = json.TryGetProperty("first_epoch", out JsonElement first) ? Parse(first) : null,
        Batch = json.GetProperty("batch").GetInt32(),
        Samples = json.GetProperty("samples").GetInt32(),
        Correct = json.GetProperty("correct").GetInt32() is >= 0 and int correct ? correct : null,
        Counted = (json.TryGetProperty("counted", out JsonElement counted) ? counted : json.GetProperty("samples")).GetInt32(),
        Factor = (float)ReadDouble(json, "factor"),
        LossSums = ReadDoubles(json, "loss_sums"),
        LossWeights = ReadDoubles(json, "loss_weights"),
        Results = [.. json.GetProperty("results").EnumerateArray().Select(ReadEpoch)],
        Metrics = ReadDoubles(json, "metrics"),
        BestEpoch = json.GetProperty("best_epoch").GetInt32(),
        Seed = json.GetProperty("seed").GetUInt64(),
        BatchSize = json.GetProperty("batch_size").GetInt32(),
        Accumulation = json.GetProperty("accumulation").GetInt32(),
        Count = json.GetProperty("count").GetInt32(),
        Description = json.TryGetProperty("options", out JsonElement options)
            ? [.. options.EnumerateObject().Select(option =>
                KeyValuePair.Create(option.Name, option.Value.GetString() ?? throw new FormatException()))]
            : [],
        Seconds = ReadDouble(json, "seconds"),
        NormalizationScales = ReadDoubles(json, "normalization_scales"),
        NormalizationOffsets = ReadDoubles(json, "normalization_offsets"),
        Frozen = ReadTexts(json.GetProperty("frozen")),
        ClassNames = json.TryGetProperty("class_names", out JsonElement names) ? ReadTexts(names) : null,
    };

    private static void WriteEpoch(Utf8JsonWriter json, EpochResult epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        WriteDouble(json, "loss", epoch.TrainLoss);
        WriteDouble(json, "accuracy", epoch.TrainAccuracy ?? double.NaN);
        WriteDouble(json, "seconds", epoch.Seconds);
        WriteDouble(json, "samples_per_second", epoch.SamplesPerSecond);
        WriteDouble(json, "learning_rate", epoch.LearningRate);
        if (epoch.Validation is not null)
            WriteEvaluation(json, "validation", epoch.Validation);
        json.WriteStartObject("others");
        foreach ((string name, EvaluationResult other) in epoch.OtherValidations)
            WriteEvaluation(json, name, other);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static EpochResult ReadEpoch(JsonElement json) => new(
        json.GetProperty("epoch").GetInt32(),
        ReadDouble(json, "loss"),
        ReadDouble(json, "accuracy") is var accuracy && double.IsNaN(accuracy) ? null : accuracy,
        json.TryGetProperty("validation", out JsonElement validation) ? ReadEvaluation(validation) : null,
        ReadDouble(json, "seconds"),
        ReadDouble(json, "samples_per_second"))
    {
        LearningRate = (float)ReadDouble(json, "learning_rate"),
        OtherValidations = json.GetProperty("others").EnumerateObject().ToDictionary(other => other.Name,
            other => ReadEvaluation(other.Value)),
    };

    private static void WriteEvaluation(Utf8JsonWriter json, string name, EvaluationResult result)
    {
        json.WriteStartObject(name);
        WriteDouble(json, "loss", result.Loss);
        WriteDouble(json, "accuracy", result.Accuracy ?? double.NaN);
        json.WriteNumber("count", result.Count);
        WriteDoubles(json, "losses", [.. result.Losses]);
        json.WriteStartObject("metrics");
        foreach ((string metric, double value) in result.Metrics)
            WriteDouble(json, metric, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static EvaluationResult ReadEvaluation(JsonElement json) => new(
        ReadDouble(json, "loss"),
        ReadDouble(json, "accuracy") is var accuracy && double.IsNaN(accuracy) ? null : accuracy,
        json.GetProperty("count").GetInt32())
    {
        Losses = ReadDoubles(json, "losses"),
        Metrics = json.GetProperty("metrics").EnumerateObject().ToDictionary(metric => metric.Name, metric => Parse(metric.Value)),
    };

    private static void WriteTexts(Utf8JsonWriter json, string name, string[] texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string[] ReadTexts(JsonElement json) =>
        [.. json.EnumerateArray().Select(text => text.GetString() ?? throw new FormatException())];

    private static void WriteDouble(Utf8JsonWriter json, string name, double value) => json.WriteString(name, Format(value));

    private static void WriteDoubles(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteStringValue(Format(value));
        json.WriteEndArray();
    }

    private static double ReadDouble(JsonElement json, string name) => Parse(json.GetProperty(name));

    private static double[] ReadDoubles(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(Parse)];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException();

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static double Parse(JsonElement value) =>
        double.Parse(value.GetString() ?? throw new FormatException(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
