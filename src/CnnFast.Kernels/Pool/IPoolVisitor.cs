namespace CnnFast.Kernels;

/// <summary>Receives the runs of windows that <see cref="PoolPlan"/> cuts an image into.</summary>
internal unsafe interface IPoolVisitor
{
    /// <summary>Handles one run.</summary>
    /// <param name="input">Where the first tap of the first window is, in floats from the start of the image.</param>
    /// <param name="output">Where the first window's output is, in floats from the start of the output image.</param>
    /// <param name="run">The run.</param>
    void Visit(nint input, nint output, PoolRun* run);
}
