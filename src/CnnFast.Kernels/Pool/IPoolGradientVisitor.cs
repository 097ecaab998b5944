namespace CnnFast.Kernels;

/// <summary>Receives the runs of windows of a band of input rows, whose gradient it adds up.</summary>
internal interface IPoolGradientVisitor : IPoolVisitor
{
    /// <summary>Zeroes pixels before the first run that adds to them.</summary>
    /// <param name="start">Where they begin, in floats from the start of the image.</param>
    /// <param name="count">Floats.</param>
    void Clear(nint start, nint count);
}
