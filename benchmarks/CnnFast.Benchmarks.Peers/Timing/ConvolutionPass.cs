namespace CnnFast.Benchmarks.Peers;

/// <summary>What of a convolution is timed.</summary>
internal enum ConvolutionPass
{
    Forward,
    BackwardData,
    BackwardFilter,
}
