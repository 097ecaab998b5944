using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The filter gradient of a 3×3 convolution with stride 1 by Winograd's algorithm transposed: dw = Gᵀ[Σ over tiles of (BᵀxB) ⊙ (A·dy·Aᵀ)]G.
/// Blocks of tiles are transformed, then every point adds the product of its two matrices to sums of its own, then the sums become taps.
/// The blocks follow from the sizes and each point has one owner, so bits do not depend on threads. The bias gradient is the sum of one
/// point of dy, which holds each tile's total. Immutable and thread-safe.
/// </summary>
internal sealed unsafe class WinogradFilterGradient : IFilterGradientEngine
{
    // Tiles of a block: long enough sums to pay for reading and writing them, points that stay in the outer caches.
    // Of no machine: blocks decide the order of sums, and with it bits.
    private const int BlockFloats = 512 * 1024;
    private const int LeastBlockTiles = 96;
    private const int MostBlockTiles = 256;
    private const int StepTiles = 8;
    private const int ProductSplits = 2;

    private readonly Conv2DGeometry _g;
    private readonly WinogradTransforms _transforms;
    private readonly GemmOuterKernel _gemm;
    private readonly delegate*<float*, float*, nint, nint, void> _columnSum;
    private readonly WinogradTiles _source;
    private readonly WinogradTiles _gradient;
    private readonly AlignedBuffer<nint> _rowOffsets;
    private readonly AlignedBuffer<nint> _outputOffsets;
    private readonly int _points;
    private readonly int _blockTiles;
    private readonly int _sumRows;
    private readonly int _inFloats;
    private readonly int _outFloats;

    /// <summary>Plans a filter gradient.</summary>
    /// <param name="g">Sizes that <see cref="WinogradMap.Serves"/>.</param>
    /// <param name="kernels">The transforms.</param>
    /// <param name="gemm">The tile of the products.</param>
    /// <param name="algorithm"><see cref="ConvAlgorithm.Winograd2"/> or <see cref="ConvAlgorithm.Winograd4"/>.</param>
    public WinogradFilterGradient(Conv2DGeometry g, WinogradKernels kernels, GemmOuterKernel gemm, ConvAlgorithm algorithm)
    {
        _g = g;
        _transforms = algorithm == ConvAlgorithm.Winograd2 ? kernels.Form2 : kernels.Form4;
        _gemm = gemm;
        _columnSum = KernelSelection.Choose(ReduceKernels.All, kernels.Isa).ColumnSum;
        var map = WinogradMap.Of(ConvolutionPass.Forward(g));
        _source = WinogradTiles.Source(map, _transforms);
        _gradient = WinogradTiles.Gradient(map, _transforms);
        _points = _transforms.Points * _transforms.Points;
        _sumRows = WinogradTiles.RoundUp(g.C, gemm.MR);
        _inFloats = WinogradTiles.RoundUp(_sumRows, WinogradTiles.VectorFloats);
        _outFloats = WinogradTiles.RoundUp(WinogradTiles.RoundUp(g.OC, gemm.NR), WinogradTiles.VectorFloats);
        _blockTiles = (int)Math.Min(Math.Clamp(BlockFloats / (_points * (_inFloats + _outFloats)), LeastBlockTiles, MostBlockTiles),
            (long)g.N * _source.ImageTiles);
        _rowOffsets = new AlignedBuffer<nint>(gemm.MR);
        _outputOffsets = new AlignedBuffer<nint>(gemm.MR);
        for (int row = 0; row < gemm.MR; row++)
        {
            _rowOffsets.Span[row] = row;
            _outputOffsets.Span[row] = (nint)row * _outFloats;
        }

        KernelName = $"Winograd{_transforms.Outputs}{kernels.Isa}+{gemm.Name}";
    }

    public string KernelName { get; }

    private nint ZeroFloats => WorkspaceLayout.AlignFloats(Math.Max(_source.ZeroFloats, _gradient.ZeroFloats));

    private nint SumStep => checked(((nint)_sumRows * _outFloats) + WinogradTiles.PointPad);

    private nint InStep => checked(((nint)_blockTiles * _inFloats) + WinogradTiles.PointPad);

    private nint OutStep => checked(((nint)_blockTiles * _outFloats) + WinogradTiles.PointPad);

    // Zeros, the bias gradient and one block's part of it, the sums, then the points of x and of dy.
    private nint SharedFloats => checked(ZeroFloats + (2 * _outFloats) + (_points * (SumStep + InStep + OutStep)));

    private nint ScratchFloats => WinogradTiles.ScratchFloats(_points);

    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(SharedFloats, ScratchFloats, threads);

    public void Run(IWorkScheduler scheduler, int batch, float* x, float* dy, float* dw, float* db, byte* workspace)
    {
        var run = new Job(this, batch, x, dy, dw, WorkspaceLayout.Align(workspace));
        NativeMemory.Clear(run.Zeros, (nuint)(ZeroFloats + (2 * _outFloats)) * sizeof(float));
        int tiles = checked(batch * _source.ImageTiles);
        long perTile = (long)_points * 4 * (_g.C + _g.OC);
        int panels = (_g.OC + _gemm.NR - 1) / _gemm.NR;
        int splits = Math.Min(panels, ProductSplits);
        for (int first = 0; first < tiles; first += _blockTiles)
        {
            int count = Math.Min(_blockTiles, tiles - first);
            scheduler.Run((count + StepTiles - 1) / StepTiles, count * perTile, new TransformAction(run, first, count));
            scheduler.Run(_points * splits, (long)count * _points * _g.C * _g.OC, new ProductAction(run, count, first > 0, panels, splits));
            if (db is not null)
                AddBias(run, count);
        }

        scheduler.Run(_g.C, (long)_points * 4 * _g.C * _g.OC, new FilterAction(run));
        if (db is not null)
            new Span<float>(run.Bias, _g.OC).CopyTo(new Span<float>(db, _g.OC));
        GC.KeepAlive(this);
    }

    // The point of (1, 1) on both axes holds the sum of the tile.
    private void AddBias(in Job run, int count)
    {
        float* part = run.Bias + _outFloats;
        _columnSum(run.Gradients + ((_transforms.Points + 1) * OutStep), part, count, _outFloats);
        SumRows.Add(part, run.Bias, _g.OC);
    }

    private void Multiply(in Job run, int count, bool adds, int point, int firstPanel, int endPanel)
    {
        nint zero = 0;
        GemmOuterTile tile;
        tile.RowOffsets = _rowOffsets.Pointer;
        tile.OutputOffsets = _outputOffsets.Pointer;
        tile.APixelRows = &zero;
        tile.BPixelRows = &zero;
        tile.AStep = _inFloats;
        tile.BStep = _outFloats;
        tile.SecondVector = _gemm.VectorFloats;
        tile.Rows = 1;
        tile.Columns = count;
        tile.Adds = adds;
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            nint column = (nint)panel * _gemm.NR;
            tile.B = run.Gradients + (point * OutStep) + column;
            tile.Ahead = tile.B;
            for (int row = 0; row < _g.C; row += _gemm.MR)
            {
                tile.A = run.Sources + (point * InStep) + row;
                tile.C = run.Sums + (point * SumStep) + ((nint)row * _outFloats) + column;
                _gemm.Run(&tile);
            }
        }
    }

    private readonly struct Job(WinogradFilterGradient engine, int batch, float* x, float* dy, float* dw, float* shared)
    {
        public readonly WinogradFilterGradient Engine = engine;
        public readonly bool ReadsAhead = batch
                * (((long)engine._g.H * engine._g.W * engine._g.C) + ((long)engine._g.OH * engine._g.OW * engine._g.OC))
            > WinogradTiles.LargeFloats;
        public readonly float* X = x;
        public readonly float* Dy = dy;
        public readonly float* Dw = dw;
        public readonly float* Zeros = shared;

        public float* Bias => Zeros + Engine.ZeroFloats;

        public float* Sums => Bias + (2 * Engine._outFloats);

        public float* Sources => Sums + (Engine._points * Engine.SumStep);

        public float* Gradients => Sources + (Engine._points * Engine.InStep);

        public float* Scratch(int worker) => Zeros + Engine.SharedFloats + (worker * Engine.ScratchFloats);
    }

    private readonly struct TransformAction(Job run, int firstTile, int count) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            WinogradFilterGradient e = run.Engine;
            int first = index * StepTiles;
            int end = Math.Min(count, first + StepTiles);
            e._source.Transform(run.X, run.Zeros, firstTile + first, firstTile + end, run.Sources + ((nint)first * e._inFloats),
                e._inFloats, e.InStep, run.Scratch(worker), run.ReadsAhead);
            e._gradient.Transform(run.Dy, run.Zeros, firstTile + first, firstTile + end, run.Gradients + ((nint)first * e._outFloats),
                e._outFloats, e.OutStep, run.Scratch(worker), run.ReadsAhead);
        }
    }

    private readonly struct ProductAction(Job run, int count, bool adds, int panels, int splits) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            (int point, int split) = Math.DivRem(index, splits);
            run.Engine.Multiply(run, count, adds, point, panels * split / splits, panels * (split + 1) / splits);
        }
    }

    private readonly struct FilterAction(Job run) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            WinogradFilterGradient e = run.Engine;
            WinogradFilterSum row;
            row.Points = run.Sums + ((nint)index * e._outFloats);
            row.PointStep = e.SumStep;
            row.Taps = run.Dw + ((nint)index * e._g.OC);
            row.TapStep = (nint)e._g.C * e._g.OC;
            row.Columns = e._g.OC;
            row.Scratch = run.Scratch(worker);
            e._transforms.Filter(&row);
        }
    }
}
