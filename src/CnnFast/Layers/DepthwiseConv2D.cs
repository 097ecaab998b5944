using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Two-dimensional convolution of every channel by filters of its own, <c>[N, H, W, C]</c> to <c>[N, OH, OW, C·M]</c> with M =
/// depthMultiplier: <c>Z[m,i,j,c·M+q] = Σ X[m, i·stride + a·dilation − padding, …, c]·W[a,b,0,c·M+q] + b[c·M+q]</c>, then the activation: a
/// <see cref="Conv2D"/> with C groups (Howard et al., "MobileNets", 2017). Parameters: <c>filter [KH, KW, 1, C·M]</c>, in memory the
/// <c>[KH, KW, C, M]</c> of Keras, and <c>bias [C·M]</c>. Initialisers see the fans that Keras counts: fan-in KH·KW·C, fan-out KH·KW·M.
/// </summary>
public sealed class DepthwiseConv2D : WeightedLayer
{
    /// <summary>Describes a depthwise convolution.</summary>
    /// <param name="kernelSize">Rows and columns of the filter: a number or <c>(height, width)</c>.</param>
    /// <param name="stride">Input pixels between two output pixels; 1 when not given.</param>
    /// <param name="dilation">Input pixels between two taps of the filter; 1 when not given.</param>
    /// <param name="depthMultiplier">Output channels of an input channel, at least 1.</param>
    /// <param name="padding">What happens at the border.</param>
    /// <param name="activation">Applied to every output.</param>
    /// <param name="useBias">Whether every output channel has a bias.</param>
    /// <param name="filterInitializer">How the filter starts; <see cref="Initializer.HeNormal"/> before a ReLU, else
    /// <see cref="Initializer.GlorotUniform"/>.</param>
    /// <param name="biasInitializer">How the bias starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public DepthwiseConv2D(
        Size2D kernelSize,
        Size2D? stride = null,
        Size2D? dilation = null,
        int depthMultiplier = 1,
        Padding padding = default,
        Activation activation = Activation.None,
        bool useBias = true,
        Initializer? filterInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
        : base(
            new DepthwiseConv2DOperation(
                WindowOptions.Window(kernelSize, stride ?? 1, dilation, padding),
                depthMultiplier,
                activation,
                useBias),
            activation,
            filterInitializer,
            biasInitializer,
            name)
    {
    }
}
