using System.Globalization;
using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Runs ONNX files in this library and in ONNX Runtime, prints and keeps the rows, and holds them against the targets.</summary>
internal static class OnnxBenchmark
{
    private const int SlowestKinds = 10;
    private const int SlowestNodes = 15;

    public static int Run(OnnxOptions options)
    {
        ModelTargets targets = ModelTargets.Read("onnx.targets", options.Check || options.Save);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cnnfast-families-");
        try
        {
            return Run(options, targets, Load(options, folder.FullName));
        }
        catch (Exception e) when (e is NotSupportedException or DataFormatException or ShapeException or ArgumentException or IOException
            or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCodes.BadInput;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<OnnxCase> Load(OnnxOptions options, string folder)
    {
        bool areGiven = options.Files.Count + options.Families.Count > 0;
        List<OnnxCase> models = [.. (areGiven ? options.Files : TestModels()).Select(file => OnnxCase.Load(file, options.Shapes))];
        foreach (string family in options.Families.Contains("all") ? FamilyCatalog.Names : options.Families)
        {
            (string file, int[] input) = FamilyCatalog.Write(family, folder);
            models.Add(OnnxCase.Load(file, options.Shapes.Count > 0 ? options.Shapes : new Dictionary<string, int[]> { [""] = input }));
        }

        return models;
    }

    private static int Run(OnnxOptions options, ModelTargets targets, List<OnnxCase> models)
    {
        var report = new ModelReport(options.Threads, "ONNX files as they are", targets.Absent);
        foreach (OnnxCase model in models)
        {
            using var ours = new CnnFastRunner(model.Model, model.Inputs, model.Batch, options.Threads);
            var timer = new ModelTimer(model.Batch, options.Threads, options.Seconds, options.SteadyOnly);
            ModelRow row = timer.Run(model.Name, ours, (engine, variant) => new OnnxFileRunner(engine, variant, model, options.Threads),
                OnnxRuntimeVariant.TunedAsGiven, () => FirstSecond.OfFile(model, options.Threads));
            report.Add(row, targets.Judge(row));
            if (!options.RunsOnly)
                report.Add(LoadBenchmark.Run(model, options.Threads,
                    targets.Find(model.Name, model.Batch, options.Threads, ModelMeasure.Load)));
            if (options.Profile)
                PrintProfile(report, ours.Profile());
        }

        if (options.Save)
            report.Save(ModelResults.NameFor("onnx", options.Threads));
        if (options.Json is not null)
            report.WriteJson(options.Json);
        return report.Finish(options.Check);
    }

    private static IEnumerable<string> TestModels()
    {
        string root = Path.GetDirectoryName(Path.GetDirectoryName(ShapeFile.Folder)!)!;
        return Directory.EnumerateDirectories(Path.Combine(root, "tests", "CnnFast.Onnx.Tests", "Models"))
            .Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "model.onnx"));
    }

    private static void PrintProfile(ModelReport report, IReadOnlyList<NodeProfile> nodes)
    {
        double all = nodes.Sum(node => node.MedianMicroseconds);
        foreach (NodeProfile node in nodes.OrderByDescending(node => node.MedianMicroseconds).Take(SlowestNodes))
            report.Print(string.Create(CultureInfo.InvariantCulture, $"    {node.MedianMicroseconds,8:0.0} µs " +
                $"{100 * node.MedianMicroseconds / all,4:0.0} % {2e-3 * node.MultiplyAdds / node.MedianMicroseconds,6:0.0} GFLOP/s  " +
                $"{node.Kind} {node.OutputShape} {node.Kernel}  {node.Name}"));
        foreach (var kind in nodes.GroupBy(node => node.Kind)
            .Select(kind => (Name: kind.Key, Count: kind.Count(), Time: kind.Sum(node => node.MedianMicroseconds)))
            .OrderByDescending(kind => kind.Time)
            .Take(SlowestKinds))
            report.Print(string.Create(CultureInfo.InvariantCulture,
                $"    {kind.Time,8:0.0} µs {100 * kind.Time / all,4:0.0} %  {kind.Count} of {kind.Name}"));
    }
}
