using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// An operation that is a convolution in <see cref="Conv2DGeometry"/>'s sense, or the transpose of one, its filter the first
/// parameter and its bias the second.
/// </summary>
internal interface IConvolution
{
    /// <summary>Whether it has a bias.</summary>
    bool UseBias { get; }

    /// <summary>Which way it runs; backward it is the transpose, which leads from the output of the convolution to its input.</summary>
    ConvolutionDirection Direction => ConvolutionDirection.Forward;

    /// <summary>What follows the sums.</summary>
    Activation Activation { get; }

    /// <summary>The same operation with another activation.</summary>
    Operation WithActivation(Activation activation);

    /// <summary>The sizes of the convolution for an input of the operation, the batch first.</summary>
    Conv2DGeometry Geometry(string name, Shape input);
}
