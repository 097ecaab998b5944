using BenchmarkDotNet.Attributes;

namespace CnnFast.Benchmarks;

/// <summary>The three passes of every convolution in the shape files.</summary>
[MemoryDiagnoser]
public class ConvolutionBenchmarks
{
    private ConvolutionJob? _job;

    /// <summary>The names of the shapes.</summary>
    public static IEnumerable<string> Shapes => ShapeFile.Convolutions().Select(shape => shape.Name);

    /// <summary>The shape.</summary>
    [ParamsSource(nameof(Shapes))]
    public string Shape { get; set; } = "";

    /// <summary>The pass.</summary>
    [Params("forward", "backward-data", "backward-filter")]
    public string Pass { get; set; } = "";

    /// <summary>Threads of the operator.</summary>
    [Params(1)]
    public int Threads { get; set; }

    /// <summary>Makes the operator and its buffers.</summary>
    [GlobalSetup]
    public void Setup() => _job = ConvolutionJob.All(ShapeFile.Convolutions().First(s => s.Name == Shape).Geometry, ConvAlgorithm.Auto,
            WorkScheduler.Create(Threads))
        .First(job => job.Pass == Pass);

    /// <summary>Runs the pass.</summary>
    [Benchmark]
    public void Run() => _job!.Run();
}
