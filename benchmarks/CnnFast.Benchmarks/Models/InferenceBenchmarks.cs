using BenchmarkDotNet.Attributes;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Benchmarks;

/// <summary>A run of each preset model through <see cref="InferenceSession"/>.</summary>
[MemoryDiagnoser]
public class InferenceBenchmarks
{
    private InferenceSession? _session;
    private float[]? _input;
    private float[]? _output;

    /// <summary>The names of the presets.</summary>
    public static IEnumerable<string> Presets => ModelPresets.All.Select(preset => preset.Name);

    /// <summary>The preset.</summary>
    [ParamsSource(nameof(Presets))]
    public string Preset { get; set; } = "";

    /// <summary>Images of a run.</summary>
    [Params(1, 32)]
    public int Batch { get; set; }

    /// <summary>Threads of the session.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Makes the session.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Model model = ModelPresets.Find(Preset)!.Build(new Shape(28, 28, 1), 10, 1);
        _session = new InferenceSession(model, new SessionOptions { MaxBatch = Batch, MaxThreads = Threads });
        _input = Testing.SeededData.Uniform(Batch * model.InputShape.ElementCount, 1);
        _output = new float[Batch * model.OutputShape.ElementCount];
    }

    /// <summary>Ends the session.</summary>
    [GlobalCleanup]
    public void Cleanup() => _session!.Dispose();

    /// <summary>Runs the session once.</summary>
    [Benchmark]
    public void Run() => _session!.Run(_input, _output);
}
