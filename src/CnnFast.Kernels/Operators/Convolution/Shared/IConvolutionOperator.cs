namespace CnnFast.Operators;

/// <summary>A convolution or the data gradient of one, made for a geometry: destination = activation(sums + bias + residual). Immutable and thread-safe; runs allocate nothing.</summary>
internal interface IConvolutionOperator
{
    /// <summary>The sizes of the convolution; N is the largest batch.</summary>
    Conv2DGeometry Geometry { get; }

    string KernelName { get; }

    /// <summary>Floats of the packed filter.</summary>
    int PackedFilterLength { get; }

    /// <summary>Bytes of workspace of a run with a scheduler of so many threads.</summary>
    int WorkspaceBytes(int threads);

    /// <summary>Packs a filter [KH, KW, C/G, OC] once for many runs.</summary>
    void PackFilter(ReadOnlySpan<float> filter, Span<float> packed);

    /// <summary>Packs some columns of a filter; all of them make the packed filter, in any order.</summary>
    void PackColumns(in FilterColumns filter, Span<float> packed);

    /// <summary>Runs on <paramref name="n"/> images.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="n">Images, at most as many as the geometry has.</param>
    /// <param name="source">The input, or for the data gradient what has the shape of the output.</param>
    /// <param name="packedFilter">What <see cref="PackFilter"/> wrote.</param>
    /// <param name="bias">One float a channel of the destination, or empty.</param>
    /// <param name="destination">The output, or for the data gradient what has the shape of the input.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    /// <param name="residual">Added before the activation: as long as the destination, which it may be; or empty.</param>
    void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<float> source, ReadOnlySpan<float> packedFilter, ReadOnlySpan<float> bias, Span<float> destination, Span<byte> workspace, ReadOnlySpan<float> residual = default);
}
