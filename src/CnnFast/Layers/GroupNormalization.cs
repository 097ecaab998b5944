using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Group normalisation (Wu and He 2018) of any shape <c>[N, …, C]</c>: the channels, the last dimension, are cut into groups of neighbours,
/// and <c>y = gamma·(x − mean) / √(variance + epsilon) + beta</c> with the mean and the biased variance of a group over all places of a
/// sample. No sample sees another, so training and inference are the same and a batch of one learns. One group takes all of a sample
/// together. Parameters, each <c>[C]</c>: <c>gamma</c> and <c>beta</c>, which optimizers train without weight decay. The epsilon of PyTorch
/// is 1e-5, that of Keras 1e-3 as here.
/// </summary>
public sealed class GroupNormalization : SampleNormalizationLayer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="groups">Groups of neighbouring channels, at least 1; they must divide the channels.</param>
    /// <param name="epsilon">Added to the variance, so that equal values do not divide by zero: finite, above 0.</param>
    /// <param name="useScale">Whether there is a gamma; else it is 1.</param>
    /// <param name="useOffset">Whether there is a beta; else it is 0.</param>
    /// <param name="scaleInitializer">How gamma starts; ones when not given.</param>
    /// <param name="offsetInitializer">How beta starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public GroupNormalization(
        int groups = 32,
        float epsilon = 1e-3f,
        bool useScale = true,
        bool useOffset = true,
        Initializer? scaleInitializer = null,
        Initializer? offsetInitializer = null,
        string? name = null)
        : base(new GroupNormalizationOperation(groups, epsilon, useScale, useOffset), scaleInitializer, offsetInitializer, name)
    {
    }
}
