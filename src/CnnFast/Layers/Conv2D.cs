using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Two-dimensional convolution, <c>[N, H, W, C]</c> to <c>[N, OH, OW, filters]</c>:
/// <c>Z[m,i,j,k] = Σ X[m, i·stride + a·dilation − padding, …, c]·W[a,b,c,k] + b[k]</c>, then the activation.
/// Parameters: <c>filter [KH, KW, C/groups, filters]</c> and <c>bias [filters]</c>.
/// </summary>
public sealed class Conv2D : WeightedLayer
{
    /// <summary>Describes a convolution.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Rows and columns of the filter: a number or <c>(height, width)</c>.</param>
    /// <param name="stride">Input pixels between two output pixels; 1 when not given.</param>
    /// <param name="dilation">Input pixels between two taps of the filter; 1 when not given.</param>
    /// <param name="groups">Groups of channels that do not mix; must divide the channels of input and output.</param>
    /// <param name="padding">What happens at the border.</param>
    /// <param name="activation">Applied to every output.</param>
    /// <param name="useBias">Whether every output channel has a bias.</param>
    /// <param name="filterInitializer">How the filter starts; <see cref="Initializer.HeNormal"/> before an activation that is about 0 far
    /// below 0 and about x far above it, as ReLU is, else <see cref="Initializer.GlorotUniform"/>.</param>
    /// <param name="biasInitializer">How the bias starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public Conv2D(
        int filters,
        Size2D kernelSize,
        Size2D? stride = null,
        Size2D? dilation = null,
        int groups = 1,
        Padding padding = default,
        Activation activation = Activation.None,
        bool useBias = true,
        Initializer? filterInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
        : base(
            new Conv2DOperation(
                filters,
                WindowOptions.Window(kernelSize, stride ?? 1, dilation, padding),
                groups,
                activation,
                useBias),
            activation,
            filterInitializer,
            biasInitializer,
            name)
    {
    }
}
