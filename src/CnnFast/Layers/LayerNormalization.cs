using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Layer normalisation (Ba, Kiros, Hinton 2016): <c>y = gamma·(x − mean) / √(variance + epsilon) + beta</c> with the mean and the biased
/// variance over the last dimensions of a sample, from <c>axis</c> on, for every place before them. Training and inference are the same.
/// Parameters: <c>gamma</c> and <c>beta</c> of the shape of those dimensions, which optimizers train without weight decay. PyTorch's
/// <c>normalized_shape</c> of k dimensions is <c>axis: -k</c>, with <c>epsilon</c> 1e-5.
/// </summary>
public sealed class LayerNormalization : SampleNormalizationLayer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="axis">The first dimension that mean and variance go over, all behind it too: −1 the channels of each place alone, −3
    /// all of an image <c>[H, W, C]</c>. Above 0 it counts from the batch, which is 0, as Keras and ONNX do.</param>
    /// <param name="epsilon">Added to the variance, so that equal values do not divide by zero: finite, above 0.</param>
    /// <param name="useScale">Whether there is a gamma; else it is 1.</param>
    /// <param name="useOffset">Whether there is a beta; else it is 0.</param>
    /// <param name="scaleInitializer">How gamma starts; ones when not given.</param>
    /// <param name="offsetInitializer">How beta starts; zeros when not given.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public LayerNormalization(
        int axis = -1,
        float epsilon = 1e-3f,
        bool useScale = true,
        bool useOffset = true,
        Initializer? scaleInitializer = null,
        Initializer? offsetInitializer = null,
        string? name = null)
        : base(new LayerNormalizationOperation(axis, epsilon, useScale, useOffset), scaleInitializer, offsetInitializer, name)
    {
    }
}
