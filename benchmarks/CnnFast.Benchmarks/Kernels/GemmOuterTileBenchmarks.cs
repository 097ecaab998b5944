using BenchmarkDotNet.Attributes;
using CnnFast.Kernels;

namespace CnnFast.Benchmarks;

/// <summary>Every outer-product tile alone, operands in the level-1 cache: the ceiling of everything built on it.</summary>
public unsafe class GemmOuterTileBenchmarks
{
    private GemmOuterKernel? _kernel;
    private AlignedBuffer<float>? _a, _b, _c;
    private AlignedBuffer<nint>? _rows, _outputs, _zero;

    /// <summary>The names of the tiles that run here.</summary>
    public static IEnumerable<string> Kernels => GemmOuterKernels.All.Where(k => CpuInfo.IsSupported(k.Isa)).Select(k => k.Name);

    /// <summary>The tile.</summary>
    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    /// <summary>Pixels of the reduction.</summary>
    [Params(9, 64, 256)]
    public int Pixels { get; set; }

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _kernel = GemmOuterKernels.All.First(k => k.Name == Kernel);
        _a = SeededBuffer.Create(_kernel.MR * Pixels, 1);
        _b = SeededBuffer.Create(_kernel.NR * Pixels, 2);
        _c = new AlignedBuffer<float>(_kernel.MR * _kernel.NR);
        _rows = new AlignedBuffer<nint>(_kernel.MR);
        _outputs = new AlignedBuffer<nint>(_kernel.MR);
        _zero = new AlignedBuffer<nint>(1);
        for (int i = 0; i < _kernel.MR; i++)
            (_rows.Span[i], _outputs.Span[i]) = (i, i * _kernel.NR);
    }

    /// <summary>Runs one tile; 2·MR·NR·pixels floating-point operations.</summary>
    [Benchmark]
    public void Run()
    {
        var tile = new GemmOuterTile
        {
            A = _a!.Pointer,
            RowOffsets = _rows!.Pointer,
            APixelRows = _zero!.Pointer,
            AStep = _kernel!.MR,
            B = _b!.Pointer,
            BPixelRows = _zero.Pointer,
            BStep = _kernel.NR,
            C = _c!.Pointer,
            OutputOffsets = _outputs!.Pointer,
            Adds = true,
            SecondVector = _kernel.VectorFloats,
            Ahead = _b.Pointer,
            Rows = 1,
            Columns = Pixels,
        };
        _kernel.Run(&tile);
    }
}
