using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// One-dimensional convolution of sequences, <c>[N, L, C]</c> to <c>[N, OL, filters]</c>:
/// <c>Z[m,i,k] = Σ X[m, i·stride + a·dilation − padding, c]·W[a,c,k] + b[k]</c>, then the activation. It
/// runs as a <see cref="Conv2D"/> of images of one row. Parameters: <c>filter [K, C/groups, filters]</c>, the layout
/// of Keras, and <c>bias [filters]</c>.
/// </summary>
public sealed class Conv1D : WeightedLayer
{
    /// <summary>Describes a convolution.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Taps of the filter, at least 1.</param>
    /// <param name="stride">Input places between two output places, at least 1.</param>
    /// <param name="dilation">Input places between two taps of the filter, at least 1.</param>
    /// <param name="groups">Groups of channels that do not mix; must divide the channels of input and output.</param>
    /// <param name="padding">What happens at the ends. Explicit padding is that of left and right: <c>Padding.Explicit(2)</c> pads both
    /// ends by 2, <c>Padding.Explicit(0, 2, 0, 0)</c> the beginning alone (causal).</param>
    /// <param name="activation">Applied to every output.</param>
    /// <param name="useBias">Whether every output channel has a bias.</param>
    /// <param name="filterInitializer">How the filter starts; <see cref="Initializer.HeNormal"/> before an activation that is about 0 far
    /// below 0 and about x far above it, as ReLU is, else <see cref="Initializer.GlorotUniform"/>.</param>
    /// <param name="biasInitializer">How the bias starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public Conv1D(
        int filters,
        int kernelSize,
        int stride = 1,
        int dilation = 1,
        int groups = 1,
        Padding padding = default,
        Activation activation = Activation.None,
        bool useBias = true,
        Initializer? filterInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
        : base(
            new Conv1DOperation(filters, WindowOptions.Row("Conv1D", kernelSize, stride, dilation, padding), groups, activation, useBias),
            activation,
            filterInitializer,
            biasInitializer,
            name)
    {
    }
}
