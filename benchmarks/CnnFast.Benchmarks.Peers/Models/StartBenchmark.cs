using System.Diagnostics;
using System.Globalization;
using CnnFast.Onnx;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Times from a model's file to its first result: warm in this process, in turns, and cold in processes of their own.</summary>
internal static class StartBenchmark
{
    private const int Turns = 31;

    public static ModelNote Run(string key, double? bound)
    {
        Model model = ModelCatalog.Build(key.Split(':')[0]);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cnnfast-peers-");
        try
        {
            string ours = Path.Combine(folder.FullName, "model.safetensors"), theirs = Path.Combine(folder.FullName, "model.onnx");
            model.Save(ours);
            OnnxModel.Export(model, theirs);
            RunTimes oursWarm = new(), theirsWarm = new();
            for (int turn = 0; turn < Turns; turn++)
            {
                oursWarm.Add(Once(ours));
                theirsWarm.Add(Once(theirs));
            }

            return Describe(key, bound, new StartTime(ColdProcess.Measure(StartCommand.Name, ours), oursWarm.Best, oursWarm.Median),
                new StartTime(ColdProcess.Measure(StartCommand.Name, theirs), theirsWarm.Best, theirsWarm.Median));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Loads a model of either format, creates a session of one thread and runs it once.</summary>
    /// <returns>The seconds that it took.</returns>
    public static double Once(string file)
    {
        long start = Stopwatch.GetTimestamp();
        if (file.EndsWith(".onnx", StringComparison.Ordinal))
            RunOnnxRuntime(file);
        else
            RunCnnFast(file);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static ModelNote Describe(string key, double? bound, StartTime ours, StartTime theirs)
    {
        var figures = new Dictionary<string, double>();
        foreach ((string engine, StartTime time) in new[] { ("CnnFast", ours), ("OnnxRuntime", theirs) })
        {
            figures.Add($"{engine}ColdMs", time.Cold * 1e3);
            figures.Add($"{engine}BestMs", time.Best * 1e3);
            figures.Add($"{engine}MedianMs", time.Median * 1e3);
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"ms from file to first result: cnnfast {ours}; onnxruntime {theirs}; " +
            $"ratio {theirs.Best / ours.Best:0.0}/{theirs.Median / ours.Median:0.0} warm, {theirs.Cold / ours.Cold:0.0} cold");
        string figure = (ours.Median * 1e3).ToString("0.0", CultureInfo.InvariantCulture);
        return new ModelNote(key, text, figures,
            bound is { } most ? new ModelVerdict(key, ModelMeasure.Start, most, figure, ours.Median * 1e3 <= most) : null);
    }

    private static void RunCnnFast(string file)
    {
        var model = Model.Load(file);
        using var session = new InferenceSession(model);
        session.Run(new float[model.InputShape.ElementCount], new float[model.OutputShape.ElementCount]);
    }

    private static void RunOnnxRuntime(string file)
    {
        using var options = new OrtSessionOptions { IntraOpNumThreads = 1 };
        using var session = new OrtSession(file, options);
        string input = session.InputNames[0];
        long[] sizes = [.. session.InputMetadata[input].Dimensions.Select(d => (long)Math.Max(d, 1))];
        using var value = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(new float[sizes.Aggregate((a, b) => a * b)], sizes);
        using var run = new Microsoft.ML.OnnxRuntime.RunOptions();
        using var outputs = session.Run(run, [input], [value], [session.OutputNames[0]]);
    }
}
