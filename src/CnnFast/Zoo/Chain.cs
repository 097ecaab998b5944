using CnnFast.Layers;

namespace CnnFast;

/// <summary>Shorter words for describing nets.</summary>
internal static class Chain
{
    /// <summary>A convolution without bias, normalised; one with a ReLU behind it starts as He has it.</summary>
    public static ModelNode ConvolutionNorm(this ModelNode x, int filters, int size, int stride = 1, Padding padding = default,
        bool linear = false) => x.Then(
            new Conv2D(filters, size, stride: stride, padding: padding, useBias: false,
                filterInitializer: linear ? Initializer.GlorotUniform : Initializer.HeNormal),
            new BatchNormalization(epsilon: 1e-5f, momentum: 0.9f));
}
