using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Two-dimensional convolution for any stride, dilation, groups and padding. Forward: y = activation(x ∗ w + bias + residual). As data
/// gradient: dx[m,i,j,c] = Σ over k, a, b of dy · w, which with bias, residual and activation is the transposed convolution.
/// A dense layer is the 1×1 case on [N, 1, 1, IC]. Created once for a geometry (whose N is the largest batch); immutable and thread-safe,
/// <see cref="Run"/> allocates nothing and draws on the caller's workspace.
/// </summary>
internal sealed unsafe class Conv2DOperator
{
    // Weights that are worth a part of the packing, and what a float that is read or written costs in multiply-adds.
    private const int PartFloats = 16 * 1024;
    private const int PartsPerThread = 4;
    private const int PackCost = 8;
    private const int LineFloats = 16;

    private readonly ConvolutionPass _pass;
    private readonly IConvolutionEngine _engine;

    internal Conv2DOperator(ConvolutionPass pass, IConvolutionEngine engine)
    {
        _pass = pass;
        _engine = engine;
    }

    /// <summary>The sizes of the convolution; N is the largest batch.</summary>
    public Conv2DGeometry Geometry => _pass.Geometry;

    public string KernelName => _engine.KernelName;

    /// <summary>Floats of the packed filter.</summary>
    public int PackedFilterLength => _engine.PackedFilterLength;

    /// <summary>Chooses the engine.</summary>
    /// <param name="pass">The convolution and its direction.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <param name="algorithm">Which algorithm to use where it serves the shape.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <param name="precision">How exact the weights of a dense layer are.</param>
    /// <exception cref="ShapeException">The packed filter or the workspace would be larger than one buffer can be.</exception>
    public static Conv2DOperator Create(
        ConvolutionPass pass,
        Epilogue epilogue = default,
        ConvAlgorithm algorithm = ConvAlgorithm.Auto,
        IsaLevel? isa = null,
        WeightPrecision precision = WeightPrecision.Full) =>
        new(pass, ConvolutionEngines.Choose(pass, epilogue, algorithm, isa, precision));

    /// <summary>Bytes of workspace that <see cref="Run"/> needs with a scheduler of so many threads.</summary>
    public int WorkspaceBytes(int threads) => _engine.WorkspaceBytes(threads);

    /// <summary>Packs a filter [KH, KW, C/G, OC] once for many runs.</summary>
    public void PackFilter(ReadOnlySpan<float> filter, Span<float> packed)
    {
        Conv2DGeometry g = Geometry;
        OperatorChecks.Length(_pass.Name, "filter", filter.Length, g.KH * g.KW * g.GroupC * g.OC, g);
        PackColumns(new FilterColumns(filter, g.OC, 0, g.OC), packed);
    }

    /// <summary>Packs some columns of a filter; all of them make the packed filter, in any order.</summary>
    public void PackColumns(in FilterColumns filter, Span<float> packed) =>
        PackColumns(SerialScheduler.Instance, filter, packed, keepsDenormals: true);

    /// <summary>The same on the threads of a scheduler.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="filter">The columns.</param>
    /// <param name="packed">Receives them.</param>
    /// <param name="keepsDenormals">Whether numbers below 2⁻¹²⁶ stay; else zeros of the same sign take their place.</param>
    public void PackColumns(IWorkScheduler scheduler, in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        filter.RequireFit(_pass.Name, Geometry);
        OperatorChecks.Length(_pass.Name, "packed filter", packed.Length, PackedFilterLength, Geometry);

        // No bits depend on the cuts. They are at whole lines of memory, so that threads do not write to the same ones.
        int columns = filter.End - filter.First;
        long floats = (long)filter.Rows * columns;
        int parts = scheduler.MaxThreads == 1 ? 1 : (int)Math.Clamp(floats / PartFloats, 1, PartsPerThread * scheduler.MaxThreads);
        int step = (((columns - 1) / parts / LineFloats) + 1) * LineFloats;
        if (step >= columns)
        {
            _engine.PackColumns(filter, packed, keepsDenormals);
            return;
        }

        fixed (float* values = filter.Values, to = packed)
        {
            var action = new PackAction(_engine, values, filter.Values.Length, filter.Pitch, filter.First, columns, step, to, packed.Length,
                keepsDenormals);
            scheduler.Run((columns + step - 1) / step, (floats + packed.Length) * PackCost, action);
        }
    }

    /// <summary>Runs on <paramref name="n"/> images, at most as many as the geometry has; overwrites the destination.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="n">Images.</param>
    /// <param name="source">The input [n, H, W, C]; for the data gradient dy [n, OH, OW, OC].</param>
    /// <param name="packedFilter">What <see cref="PackFilter"/> wrote.</param>
    /// <param name="bias">One float a channel of the destination, or empty.</param>
    /// <param name="destination">The output [n, OH, OW, OC], or dx [n, H, W, C]: from its first pixel's first channel to
    /// its last pixel's last.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    /// <param name="residual">Added before the activation: laid out as the destination, which it may be; or empty.</param>
    public void Run(
        IWorkScheduler scheduler,
        int n,
        ReadOnlySpan<float> source,
        ReadOnlySpan<float> packedFilter,
        ReadOnlySpan<float> bias,
        Span<float> destination,
        Span<byte> workspace,
        ReadOnlySpan<float> residual = default)
    {
        ConvolutionPass pass = _pass;
        Conv2DGeometry g = pass.Geometry;
        SlidingSource image = pass.Source;
        OperatorChecks.Batch(pass.Name, n, g.N, g);
        int length = (((n * pass.Rows * pass.Columns) - 1) * pass.Pitch) + pass.Channels;
        OperatorChecks.Length(pass.Name, pass.SourceName, source.Length, n * image.Rows.Length * image.Columns.Length * image.Channels, g);
        OperatorChecks.Length(pass.Name, "packed filter", packedFilter.Length, PackedFilterLength, g);
        OperatorChecks.Length(pass.Name, "bias", bias.Length, bias.IsEmpty ? 0 : pass.Channels, g);
        OperatorChecks.Length(pass.Name, pass.DestinationName, destination.Length, length, g);
        OperatorChecks.Length(pass.Name, "residual", residual.Length, residual.IsEmpty ? 0 : destination.Length, g);
        OperatorChecks.Workspace(pass.Name, workspace.Length, WorkspaceBytes(scheduler.MaxThreads), g);
        fixed (float* from = source, packed = packedFilter, to = destination, added = residual)
        fixed (byte* space = workspace)
            _engine.Run(scheduler, n, from, packed, bias, added, to, space);
    }

    private readonly struct PackAction(
        IConvolutionEngine engine,
        float* values,
        int length,
        int pitch,
        int first,
        int columns,
        int step,
        float* packed,
        int packedLength,
        bool keepsDenormals) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            int from = index * step;
            var part = new FilterColumns(new ReadOnlySpan<float>(values + from, length - from), pitch, first + from,
                Math.Min(step, columns - from));
            engine.PackColumns(part, new Span<float>(packed, packedLength), keepsDenormals);
        }
    }
}
