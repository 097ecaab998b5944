using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Two-dimensional convolution, forward: y[N, OH, OW, OC] = activation(x ∗ w + b + residual) for any stride, dilation, groups and padding.
/// A dense layer is the 1×1 case on [N, 1, 1, IC]. Created once for a geometry (whose N is the largest batch); immutable and thread-safe,
/// <see cref="Run"/> allocates nothing and draws on the caller's workspace.
/// </summary>
internal sealed unsafe class Conv2DOperator : IConvolutionOperator
{
    private readonly IConvolutionEngine _engine;
    private readonly int _pitch;

    internal Conv2DOperator(Conv2DGeometry geometry, IConvolutionEngine engine, int outputPitch = 0)
    {
        Geometry = geometry;
        _engine = engine;
        _pitch = OutputPitch.Of(geometry, outputPitch);
        OperatorChecks.Pitch("Conv2D", _pitch, geometry.OC, (long)geometry.N * geometry.OH * geometry.OW, geometry);
    }

    public Conv2DGeometry Geometry { get; }

    public string KernelName => _engine.KernelName;

    /// <summary>Floats of the packed filter.</summary>
    public int PackedFilterLength => _engine.PackedFilterLength;

    /// <summary>Chooses the engine.</summary>
    /// <param name="g">The sizes; N is the largest batch.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <param name="algorithm">Which algorithm to use where it serves the shape.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <param name="outputPitch">Floats from a pixel of the output to the next; what lies between their channels is left alone. 0 means OC: nothing lies there.</param>
    /// <exception cref="ShapeException">The packed filter, the workspace or the output would be larger than one buffer can be, or pixels would overlap.</exception>
    public static Conv2DOperator Create(Conv2DGeometry g, Epilogue epilogue = default, ConvAlgorithm algorithm = ConvAlgorithm.Auto, IsaLevel? isa = null, int outputPitch = 0) =>
        new(g, ConvolutionEngines.Forward(g, epilogue, algorithm, isa, outputPitch), outputPitch);

    /// <summary>Bytes of workspace that <see cref="Run"/> needs with a scheduler of so many threads.</summary>
    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    /// <summary>Packs a filter [KH, KW, C/G, OC] once for many runs.</summary>
    public void PackFilter(ReadOnlySpan<float> filter, Span<float> packed)
    {
        OperatorChecks.Length("Conv2D", "filter", filter.Length, Geometry.KH * Geometry.KW * Geometry.GroupC * Geometry.OC, Geometry);
        PackColumns(new FilterColumns(filter, Geometry.OC, 0, Geometry.OC), packed);
    }

    /// <summary>Packs some columns of a filter; all of them make the packed filter, in any order.</summary>
    public void PackColumns(in FilterColumns filter, Span<float> packed)
    {
        filter.RequireFit("Conv2D", Geometry);
        OperatorChecks.Length("Conv2D", "packed filter", packed.Length, PackedFilterLength, Geometry);
        _engine.PackColumns(filter, packed);
    }

    /// <summary>Runs on <paramref name="n"/> images, at most as many as the geometry has.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="n">Images.</param>
    /// <param name="x">The input [n, H, W, C].</param>
    /// <param name="packedFilter">What <see cref="PackFilter"/> wrote.</param>
    /// <param name="bias">One float an output channel, or empty.</param>
    /// <param name="y">The output [n, OH, OW, OC], from its first pixel's first channel to its last pixel's last.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    /// <param name="residual">Added before the activation: laid out as y, which it may be; or empty.</param>
    public void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> packedFilter, ReadOnlySpan<float> bias, Span<float> y, Span<byte> workspace, ReadOnlySpan<float> residual = default)
    {
        Conv2DGeometry g = Geometry;
        OperatorChecks.Batch("Conv2D", n, g.N, g);
        OperatorChecks.Length("Conv2D", "input", x.Length, n * g.H * g.W * g.C, g);
        OperatorChecks.Length("Conv2D", "packed filter", packedFilter.Length, PackedFilterLength, g);
        OperatorChecks.Length("Conv2D", "bias", bias.Length, bias.IsEmpty ? 0 : g.OC, g);
        OperatorChecks.Length("Conv2D", "output", y.Length, (((n * g.OH * g.OW) - 1) * _pitch) + g.OC, g);
        OperatorChecks.Length("Conv2D", "residual", residual.Length, residual.IsEmpty ? 0 : y.Length, g);
        OperatorChecks.Workspace("Conv2D", workspace.Length, WorkspaceBytes(scheduler.MaxThreads), g);
        fixed (float* source = x, packed = packedFilter, destination = y, added = residual)
        fixed (byte* space = workspace)
            _engine.Run(scheduler, n, source, packed, bias, added, destination, space);
    }
}
