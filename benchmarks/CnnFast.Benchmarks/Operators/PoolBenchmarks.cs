using BenchmarkDotNet.Attributes;

namespace CnnFast.Benchmarks;

/// <summary>Maximum and average pooling of the shape files, forward and backward.</summary>
[MemoryDiagnoser]
public class PoolBenchmarks
{
    private MemoryJob? _job;

    /// <summary>The names of the shapes.</summary>
    public static IEnumerable<string> Shapes => ShapeFile.Pools().Select(shape => shape.Name);

    /// <summary>The shape.</summary>
    [ParamsSource(nameof(Shapes))]
    public string Shape { get; set; } = "";

    /// <summary>The pass.</summary>
    [Params("max", "max-backward", "average", "average-backward")]
    public string Pass { get; set; } = "";

    /// <summary>Makes the operator and its buffers.</summary>
    [GlobalSetup]
    public void Setup() => _job = PoolJobs.All(Shape, ShapeFile.Pools().First(s => s.Name == Shape).Geometry, SerialScheduler.Instance)
        .First(job => job.Pass == Pass);

    /// <summary>Runs the pass.</summary>
    [Benchmark]
    public void Run() => _job!.Run();
}
