using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Instance normalisation (Ulyanov, Vedaldi, Lempitsky 2016) of images <c>[N, H, W, C]</c> or sequences <c>[N, L, C]</c>:
/// <c>y = gamma·(x − mean) / √(variance + epsilon) + beta</c> with the mean and the biased variance of every channel over the places of one
/// sample: <see cref="GroupNormalization"/> with a group for every channel. Training and inference are the same. Parameters, each
/// <c>[C]</c>: <c>gamma</c> and <c>beta</c>, which optimizers train without weight decay. InstanceNorm2d of PyTorch is that with
/// <c>epsilon</c> 1e-5, and with neither gamma nor beta unless it is asked for them.
/// </summary>
public sealed class InstanceNormalization : SampleNormalizationLayer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="epsilon">Added to the variance, so that equal values do not divide by zero: finite, above 0.</param>
    /// <param name="useScale">Whether there is a gamma; else it is 1.</param>
    /// <param name="useOffset">Whether there is a beta; else it is 0.</param>
    /// <param name="scaleInitializer">How gamma starts; ones when not given.</param>
    /// <param name="offsetInitializer">How beta starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public InstanceNormalization(
        float epsilon = 1e-3f,
        bool useScale = true,
        bool useOffset = true,
        Initializer? scaleInitializer = null,
        Initializer? offsetInitializer = null,
        string? name = null)
        : base(new InstanceNormalizationOperation(epsilon, useScale, useOffset), scaleInitializer, offsetInitializer, name)
    {
    }
}
