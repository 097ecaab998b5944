using BenchmarkDotNet.Attributes;
using CnnFast.Kernels;

namespace CnnFast.Benchmarks;

/// <summary>Every GEMM tile alone, operands in the level-1 cache: the ceiling of everything built on it.</summary>
public unsafe class GemmTileBenchmarks
{
    private GemmKernel? _kernel;
    private AlignedBuffer<float>? _a, _b, _c;
    private AlignedBuffer<nint>? _rows, _outputs;
    private AlignedBuffer<GemmRun>? _runs;

    /// <summary>The names of the tiles that run here.</summary>
    public static IEnumerable<string> Kernels => GemmKernels.All.Where(k => CpuInfo.IsSupported(k.Isa)).Select(k => k.Name);

    /// <summary>The tile.</summary>
    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    /// <summary>Terms of the reduction.</summary>
    [Params(9, 64, 256)]
    public int Terms { get; set; }

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _kernel = GemmKernels.All.First(k => k.Name == Kernel);
        _a = SeededBuffer.Create(_kernel.MR * Terms, 1);
        _b = SeededBuffer.Create(_kernel.NR * Terms, 2);
        _c = new AlignedBuffer<float>(_kernel.MR * _kernel.NR);
        _rows = new AlignedBuffer<nint>(_kernel.MR);
        _outputs = new AlignedBuffer<nint>(_kernel.MR);
        for (int i = 0; i < _kernel.MR; i++)
            (_rows.Span[i], _outputs.Span[i]) = ((nint)i * Terms, (nint)i * _kernel.NR);
        _runs = new AlignedBuffer<GemmRun>(1);
        _runs.Span[0] = new GemmRun(0, Terms);
    }

    /// <summary>Runs one tile; 2·MR·NR·Terms floating-point operations.</summary>
    [Benchmark]
    public void Run()
    {
        var tile = new GemmTile
        {
            A = _a!.Pointer,
            RowOffsets = _rows!.Pointer,
            Rows = _kernel!.MR,
            Columns = _kernel.NR,
            Runs = _runs!.Pointer,
            RunCount = 1,
            B = _b!.Pointer,
            C = _c!.Pointer,
            OutputOffsets = _outputs!.Pointer,
            Bias = _b.Pointer,
        };
        _kernel.Run(&tile);
    }
}
