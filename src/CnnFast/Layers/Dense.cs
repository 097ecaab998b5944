using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// A fully connected layer, <c>[N, IC]</c> to <c>[N, units]</c>: <c>y = activation(x·W + b)</c>.
/// Parameters: <c>filter [IC, units]</c> and <c>bias [units]</c>.
/// </summary>
public sealed class Dense : WeightedLayer
{
    /// <summary>Describes a fully connected layer.</summary>
    /// <param name="units">Outputs of a sample, at least 1.</param>
    /// <param name="activation">Applied to every output.</param>
    /// <param name="useBias">Whether every output has a bias.</param>
    /// <param name="filterInitializer">How the filter starts; <see cref="Initializer.HeNormal"/> before an activation that is about 0 far
    /// below 0 and about x far above it, as ReLU is, else <see cref="Initializer.GlorotUniform"/>.</param>
    /// <param name="biasInitializer">How the bias starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public Dense(
        int units,
        Activation activation = Activation.None,
        bool useBias = true,
        Initializer? filterInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
        : base(new DenseOperation(units, activation, useBias), activation, filterInitializer, biasInitializer, name)
    {
    }
}
