namespace CnnFast.Operators;

/// <summary>
/// One way to compute a convolution or its data gradient. Immutable and thread-safe; sizes have been checked by the operator that holds it,
/// <see cref="Run"/> allocates nothing and draws on the caller's workspace.
/// </summary>
internal unsafe interface IConvolutionEngine
{
    string KernelName { get; }

    /// <summary>Floats of the packed filter.</summary>
    int PackedFilterLength { get; }

    /// <summary>Bytes of workspace for a number of threads.</summary>
    int WorkspaceBytes(int threads);

    /// <summary>
    /// Packs some columns of a filter [KH, KW, C/G, OC]; all of them make the packed filter, in any order or on several threads at once.
    /// </summary>
    /// <param name="filter">The columns.</param>
    /// <param name="packed">Receives them.</param>
    /// <param name="keepsDenormals">Whether numbers below 2⁻¹²⁶ stay; else zeros of the same sign take their place.</param>
    void PackColumns(in FilterColumns filter, Span<float> packed, bool keepsDenormals);

    /// <summary>Runs on some images.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="batch">Images.</param>
    /// <param name="source">x, or dy for the data gradient.</param>
    /// <param name="packed">The packed filter.</param>
    /// <param name="bias">One float an output channel, or empty.</param>
    /// <param name="residual">Added before the activation, laid out as the destination, which it may be; or null.</param>
    /// <param name="destination">y, or dx for the data gradient.</param>
    /// <param name="workspace">The workspace.</param>
    void Run(IWorkScheduler scheduler, int batch, float* source, float* packed, ReadOnlySpan<float> bias, float* residual,
        float* destination, byte* workspace);
}
