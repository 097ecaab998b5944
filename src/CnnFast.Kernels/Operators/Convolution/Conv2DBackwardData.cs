using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The data gradient of a convolution: dx[m,i,j,c] = Σ over k, a, b of dy · w; with bias, residual and activation the transposed convolution, activation(Σ + b + residual).
/// Created once for a geometry; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class Conv2DBackwardData : IConvolutionOperator
{
    private readonly IConvolutionEngine _engine;

    internal Conv2DBackwardData(Conv2DGeometry geometry, IConvolutionEngine engine)
    {
        Geometry = geometry;
        _engine = engine;
    }

    public Conv2DGeometry Geometry { get; }

    public string KernelName => _engine.KernelName;

    /// <summary>Floats of the packed filter.</summary>
    public int PackedFilterLength => _engine.PackedFilterLength;

    /// <summary>Chooses the engine.</summary>
    /// <param name="g">The sizes of the convolution; N is the largest batch.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <param name="algorithm">Which algorithm to use where it serves the shape.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">The packed filter or the workspace would be larger than one buffer can be.</exception>
    public static Conv2DBackwardData Create(Conv2DGeometry g, Epilogue epilogue = default, ConvAlgorithm algorithm = ConvAlgorithm.Auto, IsaLevel? isa = null) =>
        new(g, ConvolutionEngines.BackwardData(g, epilogue, algorithm, isa));

    /// <summary>Bytes of workspace that <see cref="Run"/> needs with a scheduler of so many threads.</summary>
    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    /// <summary>Packs a filter [KH, KW, C/G, OC] once for many runs.</summary>
    public void PackFilter(ReadOnlySpan<float> filter, Span<float> packed)
    {
        OperatorChecks.Length("Conv2DBackwardData", "filter", filter.Length, Geometry.KH * Geometry.KW * Geometry.GroupC * Geometry.OC, Geometry);
        PackColumns(new FilterColumns(filter, Geometry.OC, 0, Geometry.OC), packed);
    }

    /// <summary>Packs some columns of a filter; all of them make the packed filter, in any order.</summary>
    public void PackColumns(in FilterColumns filter, Span<float> packed)
    {
        filter.RequireFit("Conv2DBackwardData", Geometry);
        OperatorChecks.Length("Conv2DBackwardData", "packed filter", packed.Length, PackedFilterLength, Geometry);
        _engine.PackColumns(filter, packed);
    }

    /// <summary>Runs on <paramref name="n"/> images, at most as many as the geometry has; overwrites dx.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="n">Images.</param>
    /// <param name="dy">The gradient of the output [n, OH, OW, OC].</param>
    /// <param name="packedFilter">What <see cref="PackFilter"/> wrote.</param>
    /// <param name="dx">Receives [n, H, W, C].</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    /// <param name="bias">One float a channel of dx, or empty.</param>
    /// <param name="residual">Added before the activation: as long as dx, which it may be; or empty.</param>
    public void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> dy, ReadOnlySpan<float> packedFilter, Span<float> dx, Span<byte> workspace, ReadOnlySpan<float> bias = default, ReadOnlySpan<float> residual = default)
    {
        Conv2DGeometry g = Geometry;
        OperatorChecks.Batch("Conv2DBackwardData", n, g.N, g);
        OperatorChecks.Length("Conv2DBackwardData", "dy", dy.Length, n * g.OH * g.OW * g.OC, g);
        OperatorChecks.Length("Conv2DBackwardData", "packed filter", packedFilter.Length, PackedFilterLength, g);
        OperatorChecks.Length("Conv2DBackwardData", "bias", bias.Length, bias.IsEmpty ? 0 : g.C, g);
        OperatorChecks.Length("Conv2DBackwardData", "dx", dx.Length, n * g.H * g.W * g.C, g);
        OperatorChecks.Length("Conv2DBackwardData", "residual", residual.Length, residual.IsEmpty ? 0 : dx.Length, g);
        OperatorChecks.Workspace("Conv2DBackwardData", workspace.Length, WorkspaceBytes(scheduler.MaxThreads), g);
        fixed (float* source = dy, packed = packedFilter, destination = dx, added = residual)
        fixed (byte* space = workspace)
            _engine.Run(scheduler, n, source, packed, bias, added, destination, space);
    }

    void IConvolutionOperator.Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> source, ReadOnlySpan<float> packedFilter, ReadOnlySpan<float> bias, Span<float> destination, Span<byte> workspace, ReadOnlySpan<float> residual) =>
        Run(scheduler, n, source, packedFilter, destination, workspace, bias, residual);
}
