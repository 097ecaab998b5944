using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Transposed two-dimensional convolution, which enlarges images by its stride, <c>[N, H, W, C]</c> to <c>[N, OH, OW, filters]</c>: the
/// data gradient of the <see cref="Conv2D"/> that leads the other way,
/// <c>Z[m, i·stride + a·dilation − padding, …, k] = Σ X[m,i,j,c]·W[a,b,k,c] + b[k]</c>, then the activation (Zeiler et al.,
/// "Deconvolutional Networks", 2010). With span = (KH − 1)·dilation + 1, OH is <c>H·stride</c> for <see cref="Padding.Same"/> (as
/// TensorFlow and Keras), <c>(H − 1)·stride + span + outputPadding</c> for <see cref="Padding.Valid"/>, and that less the rows above and
/// below for explicit padding (as PyTorch and ONNX); widths alike. Output pixels that no tap reaches are the activation of the bias.
/// Parameters: <c>filter [KH, KW, filters/groups, C]</c>, the layout of Keras, and <c>bias [filters]</c>. Initialisers see the fans that
/// Keras counts: fan-in KH·KW·filters/groups, fan-out KH·KW·C.
/// </summary>
public sealed class Conv2DTranspose : WeightedLayer
{
    /// <summary>Describes a transposed convolution.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Rows and columns of the filter: a number or <c>(height, width)</c>.</param>
    /// <param name="stride">Output pixels between what two input pixels begin at; 1 when not given.</param>
    /// <param name="dilation">Output pixels between two taps of the filter; 1 when not given.</param>
    /// <param name="groups">Groups of channels that do not mix; must divide the channels of input and output.</param>
    /// <param name="padding">What is cut off at the border.</param>
    /// <param name="outputPadding">Rows below and columns right that the output has more, at least 0 and below the larger of stride and
    /// dilation, as in PyTorch; 0 with <see cref="Padding.Same"/>, and when not given.</param>
    /// <param name="activation">Applied to every output.</param>
    /// <param name="useBias">Whether every output channel has a bias.</param>
    /// <param name="filterInitializer">How the filter starts; <see cref="Initializer.HeNormal"/> before an activation that is about 0 far
    /// below 0 and about x far above it, as ReLU is, else <see cref="Initializer.GlorotUniform"/>.</param>
    /// <param name="biasInitializer">How the bias starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public Conv2DTranspose(
        int filters,
        Size2D kernelSize,
        Size2D? stride = null,
        Size2D? dilation = null,
        int groups = 1,
        Padding padding = default,
        Size2D? outputPadding = null,
        Activation activation = Activation.None,
        bool useBias = true,
        Initializer? filterInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
        : base(
            new Conv2DTransposeOperation(
                filters,
                WindowOptions.Window(kernelSize, stride ?? 1, dilation, padding),
                groups,
                (outputPadding ?? 0).Height,
                (outputPadding ?? 0).Width,
                activation,
                useBias),
            activation,
            filterInitializer,
            biasInitializer,
            name)
    {
    }
}
