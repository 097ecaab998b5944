namespace CnnFast.Kernels;

/// <summary>What the rows and the lanes of a GEMM tile stand for.</summary>
internal interface IGemmForm
{
    /// <summary>
    /// False: rows are pixels, whose values are broadcast, and lanes are output channels of a packed filter. True: rows are output
    /// channels, whose filter values are broadcast, and lanes are consecutive pixels of planes.
    /// </summary>
    static abstract bool LanesArePixels { get; }
}
