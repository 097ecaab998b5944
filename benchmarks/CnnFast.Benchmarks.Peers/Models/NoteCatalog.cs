namespace CnnFast.Benchmarks.Peers;

/// <summary>The figures beside the runs of models, one line each.</summary>
internal static class NoteCatalog
{
    private static readonly (string Key, Func<ModelsOptions, bool> Fits,
        Func<string, int, Func<ModelMeasure, double?>, ModelNote> Measure)[] s_notes =
        [
            ("lenet5:start", options => options is { Batch: 1, Threads: 1 },
                (key, _, bound) => StartBenchmark.Run(key, bound(ModelMeasure.Start))),
            ("mnist_cnn:idle", options => options.Batch == 1,
                (key, threads, bound) => IdleBenchmark.Run(key, threads, bound(ModelMeasure.Idle))),
            ("library:size", options => options is { Batch: 1, Threads: 1 },
                (key, _, bound) => LibrarySize.Run(key, bound(ModelMeasure.Size))),
        ];

    /// <summary>The names, in the order of the table.</summary>
    public static IEnumerable<string> Keys => s_notes.Select(note => note.Key);

    /// <summary>Measures those that are asked for, one at a time.</summary>
    public static IEnumerable<ModelNote> Measure(ModelsOptions options, ModelTargets targets) =>
        from note in s_notes
        where note.Fits(options) && options.Wants(note.Key)
        select note.Measure(note.Key, options.Threads,
            measure => targets.Find(note.Key.Split(':')[0], options.Batch, options.Threads, measure));
}
