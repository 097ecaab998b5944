using BenchmarkDotNet.Attributes;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Benchmarks;

/// <summary>One epoch of each preset over 1,280 of the embedded digits.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    private ImageDataset? _data;
    private ModelPreset? _preset;
    private Trainer? _trainer;

    /// <summary>The names of the presets.</summary>
    public static IEnumerable<string> Presets => ModelPresets.All.Select(preset => preset.Name);

    /// <summary>The preset.</summary>
    [ParamsSource(nameof(Presets))]
    public string Preset { get; set; } = "";

    /// <summary>Threads of the training; 0 takes all processors.</summary>
    [Params(1, 0)]
    public int Threads { get; set; }

    /// <summary>Loads the digits and makes the model.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _data = DigitDataset.LoadEmbedded().Train.Take(1280);
        _preset = ModelPresets.Find(Preset)!;
        _trainer = new Trainer(_preset.Build(_data, 1), _preset.Optimizer, _preset.Loss);
    }

    /// <summary>Trains one epoch.</summary>
    [Benchmark(OperationsPerInvoke = 1280)]
    public FitResult Epoch() => _trainer!.Fit(_data!, _preset!.Options with { Epochs = 1, MaxThreads = Threads });
}
