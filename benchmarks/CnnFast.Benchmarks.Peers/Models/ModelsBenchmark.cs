using CnnFast.Cli;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Runs the models, prints and keeps the rows, and holds them against the targets.</summary>
internal static class ModelsBenchmark
{
    public static int Run(ModelsOptions options)
    {
        string[] names = [.. ModelCatalog.Names.Where(options.Wants)];
        if (names.Length == 0 && !NoteCatalog.Keys.Any(options.Wants))
        {
            Console.Error.WriteLine($"No model has a name that contains '{options.Filter}'; " +
                $"there are {string.Join(", ", ModelCatalog.Names.Concat(NoteCatalog.Keys))}.");
            return ExitCodes.BadInput;
        }

        ModelTargets targets = ModelTargets.Read("models.targets", options.Check || options.Save);
        var report = new ModelReport(options.Threads, $"batch {options.Batch}", targets.Absent);
        var timer = new ModelTimer(options.Batch, options.Threads, options.Seconds, options.SteadyOnly);
        foreach (string name in names)
        {
            ModelRow row = timer.Run(name);
            report.Add(row, targets.Judge(row));
        }

        foreach (ModelNote note in NoteCatalog.Measure(options, targets))
            report.Add(note);
        if (options.Save)
            report.Save($"{ModelResults.NameFor("models", options.Threads)}-batch-{options.Batch}",
                ModelCatalog.Names.Concat(NoteCatalog.Keys));
        if (options.Json is not null)
            report.WriteJson(options.Json);
        return report.Finish(options.Check);
    }
}
