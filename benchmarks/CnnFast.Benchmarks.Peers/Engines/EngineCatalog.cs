namespace CnnFast.Benchmarks.Peers;

/// <summary>The peers that load on this machine.</summary>
internal static class EngineCatalog
{
    private static readonly (string Name, Func<int, Engine> Load)[] Loaders =
    [
        ("onnxruntime", OnnxRuntimeEngine.Load),
        ("libtorch", TorchEngine.Load),
        ("onednn", OneDnnEngine.LoadDirect),
        (OneDnnEngine.WinogradName, OneDnnEngine.LoadWinograd),
    ];

    /// <summary>Loads the peers for a number of threads.</summary>
    /// <param name="threads">Threads that each may use.</param>
    /// <param name="absent">Receives one sentence for each that does not load.</param>
    public static IReadOnlyList<Engine> LoadPeers(int threads, Action<string> absent)
    {
        var engines = new List<Engine>();
        foreach ((string name, Func<int, Engine> load) in Loaders)
        {
            try
            {
                engines.Add(load(threads));
            }
#pragma warning disable CA1031 // A peer that fails to load in whatever way is absent; the others go on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                absent($"{name} is absent: {MissingPart.Describe(exception)}");
            }
        }

        return engines;
    }
}
