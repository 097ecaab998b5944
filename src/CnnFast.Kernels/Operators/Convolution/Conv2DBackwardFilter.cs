using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The filter and bias gradients of a convolution, summed over the batch: dw[a,b,c,k] = Σ over m, i, j of dz · x, db[k] = Σ dz.
/// Sums that cross parts of the batch are added in an order that follows from the sizes, so bits do not depend on threads.
/// Created once for a geometry; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class Conv2DBackwardFilter
{
    private readonly IFilterGradientEngine _engine;

    internal Conv2DBackwardFilter(Conv2DGeometry geometry, IFilterGradientEngine engine)
    {
        Geometry = geometry;
        _engine = engine;
    }

    public Conv2DGeometry Geometry { get; }

    public string KernelName => _engine.KernelName;

    /// <summary>Chooses the engine.</summary>
    /// <param name="g">The sizes of the convolution; N is the largest batch.</param>
    /// <param name="algorithm">Which algorithm to use where it serves the shape.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">The workspace would be larger than one buffer can be.</exception>
    public static Conv2DBackwardFilter Create(Conv2DGeometry g, ConvAlgorithm algorithm = ConvAlgorithm.Auto, IsaLevel? isa = null) =>
        new(g, ConvolutionEngines.ChooseFilterGradient(g, algorithm, isa));

    /// <summary>Bytes of workspace that <see cref="Run"/> needs with a scheduler of so many threads.</summary>
    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    /// <summary>
    /// Runs on <paramref name="n"/> images, at most as many as the geometry has; overwrites dw and, unless it is empty, db.
    /// </summary>
    public void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> db,
        Span<byte> workspace)
    {
        Conv2DGeometry g = Geometry;
        OperatorChecks.Batch("Conv2DBackwardFilter", n, g.N, g);
        OperatorChecks.Length("Conv2DBackwardFilter", "input", x.Length, n * g.H * g.W * g.C, g);
        OperatorChecks.Length("Conv2DBackwardFilter", "dy", dy.Length, n * g.OH * g.OW * g.OC, g);
        OperatorChecks.Length("Conv2DBackwardFilter", "dw", dw.Length, g.KH * g.KW * g.GroupC * g.OC, g);
        OperatorChecks.Length("Conv2DBackwardFilter", "db", db.Length, db.IsEmpty ? 0 : g.OC, g);
        OperatorChecks.Workspace("Conv2DBackwardFilter", workspace.Length, WorkspaceBytes(scheduler.MaxThreads), g);
        fixed (float* input = x, gradient = dy, filter = dw, bias = db)
        fixed (byte* space = workspace)
            _engine.Run(scheduler, n, input, gradient, filter, bias, space);
    }
}
