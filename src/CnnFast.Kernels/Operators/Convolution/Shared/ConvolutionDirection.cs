namespace CnnFast.Operators;

/// <summary>Which way a convolution runs.</summary>
internal enum ConvolutionDirection
{
    /// <summary>From the input to the output.</summary>
    Forward,

    /// <summary>From the gradient of the output to that of the input: the transposed convolution.</summary>
    BackwardData,
}
