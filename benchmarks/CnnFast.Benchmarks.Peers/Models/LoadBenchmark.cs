using System.Diagnostics;
using System.Globalization;
using CnnFast.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// Times from an ONNX file to its first result: warm in this process, in turns, and cold in processes of their own.
/// </summary>
internal static class LoadBenchmark
{
    private const int Turns = 31;

    // The runtime compiles again what was called often, on a thread of its own; twice, first to see what the code does.
    private const int WarmUps = 31;
    private const int Compilations = 3;
    private const int Settle = 500;

    public static ModelNote Run(OnnxCase model, int threads, double? bound)
    {
        RunTimes ours = new(), theirs = new();
        for (int i = 0; i < Compilations; i++)
        {
            for (int turn = 0; turn < WarmUps; turn++)
                Once(model.Path, model.Dimensions, threads, isPeer: false);
            Thread.Sleep(Settle);
        }

        for (int turn = 0; turn < Turns; turn++)
        {
            ours.Add(Once(model.Path, model.Dimensions, threads, isPeer: false));
            theirs.Add(Once(model.Path, model.Dimensions, threads, isPeer: true));
        }

        var oursTime = new StartTime(Cold(model, threads, isPeer: false), ours.Best, ours.Median);
        var theirsTime = new StartTime(Cold(model, threads, isPeer: true), theirs.Best, theirs.Median);
        double part = oursTime.Median / theirsTime.Median;
        string key = model.Name + ":load";
        return new ModelNote(
            key,
            string.Create(CultureInfo.InvariantCulture, $"ms from file to first result: cnnfast {oursTime}; onnxruntime {theirsTime}; " +
                $"ratio {theirsTime.Best / oursTime.Best:0.0}/{1 / part:0.0} warm, {theirsTime.Cold / oursTime.Cold:0.0} cold"),
            new Dictionary<string, double>
            {
                ["CnnFastColdMs"] = oursTime.Cold * 1e3,
                ["CnnFastMedianMs"] = oursTime.Median * 1e3,
                ["OnnxRuntimeColdMs"] = theirsTime.Cold * 1e3,
                ["OnnxRuntimeMedianMs"] = theirsTime.Median * 1e3,
            },
            bound is { } most
                ? new ModelVerdict(key, ModelMeasure.Load, most, part.ToString("0.00", CultureInfo.InvariantCulture), part <= most)
                : null);
    }

    /// <summary>Creates a session of either engine from a file and runs it once, which CnnFast's does when it is created.</summary>
    /// <returns>The seconds that it took.</returns>
    public static double Once(string path, IReadOnlyDictionary<string, int[]> dimensions, int threads, bool isPeer)
    {
        long start = Stopwatch.GetTimestamp();
        if (isPeer)
        {
            using var options =
                new OrtSessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            using var session = new OrtSession(path, options);
            RunOnce(session, dimensions);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        else
        {
            Model model = OnnxModel.Load(path).ToModel(dimensions);
            using var session = new InferenceSession(model, new SessionOptions { MaxThreads = threads });
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    // On zeros of whatever type.
    private static void RunOnce(OrtSession session, IReadOnlyDictionary<string, int[]> dimensions)
    {
        using var run = new RunOptions();
        OrtValue[] values = [.. session.InputNames.Select(name =>
        {
            NodeMetadata input = session.InputMetadata[name];
            long[] sizes = [.. (dimensions.TryGetValue(name, out int[]? given) ? given : input.Dimensions).Select(size => (long)size)];
            var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementDataType, sizes);
            value.GetTensorMutableRawData().Clear();
            return value;
        })];
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, session.InputNames, values, session.OutputNames);
        foreach (OrtValue value in values)
            value.Dispose();
    }

    private static double Cold(OnnxCase model, int threads, bool isPeer) => ColdProcess.Measure(
    [
        LoadCommand.Name,
        model.Path,
        threads.ToString(CultureInfo.InvariantCulture),
        isPeer ? "onnxruntime" : "cnnfast",
        .. InputShapes.Write(model.Dimensions),
    ]);
}
