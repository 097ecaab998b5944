using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015) of every channel, the last dimension, of any shape <c>[N, …, C]</c>:
/// <c>y = gamma·(x − mean) / √(variance + epsilon) + beta</c>. In training, mean and variance are those of the batch, over all dimensions
/// but the last, the variance biased (divided by the number n of pixels). In inference and evaluation they are moving averages, which every
/// training step moves: <c>moving = momentum·moving + (1 − momentum)·batch</c>, with the biased variance, as Keras 3 does, or, where
/// <c>unbiasedMovingVariance</c> asks for it, with that times n / (n − 1), as PyTorch does (its momentum is 1 − this one). Parameters, each
/// <c>[C]</c>: <c>gamma</c> and <c>beta</c>, which optimizers train without weight decay, <c>moving_mean</c> and <c>moving_variance</c>,
/// which no optimizer touches. <see cref="Parameter.Trainable"/> set to false freezes gamma and beta as any parameter, and the moving
/// statistics at their values; a layer whose two moving statistics are frozen normalises with them in training too, so that a layer with
/// all its parameters frozen does the same in training as in inference.
/// </summary>
public sealed class BatchNormalization : Layer
{
    private readonly Initializer _scale;
    private readonly Initializer _offset;

    /// <summary>Describes a batch normalisation.</summary>
    /// <param name="epsilon">Added to the variance, so that a constant channel does not divide by zero: finite, above 0.</param>
    /// <param name="momentum">How much of the moving statistics stays at a training step: at least 0, below 1.</param>
    /// <param name="useScale">Whether every channel has a gamma; else it is 1.</param>
    /// <param name="useOffset">Whether every channel has a beta; else it is 0.</param>
    /// <param name="scaleInitializer">How gamma starts; ones when not given.</param>
    /// <param name="offsetInitializer">How beta starts; zeros when not given.</param>
    /// <param name="unbiasedMovingVariance">Whether the moving variance moves to unbiased variances.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public BatchNormalization(
        float epsilon = 1e-3f,
        float momentum = 0.99f,
        bool useScale = true,
        bool useOffset = true,
        Initializer? scaleInitializer = null,
        Initializer? offsetInitializer = null,
        bool unbiasedMovingVariance = false,
        string? name = null)
        : base(
            new BatchNormalizationOperation(epsilon, momentum, useScale, useOffset) { UnbiasedVariance = unbiasedMovingVariance },
            name)
    {
        _scale = scaleInitializer ?? Initializer.Constant(1);
        _offset = offsetInitializer ?? Initializer.Zeros;
    }

    internal override Initializer InitializerFor(ParameterRole role) => role switch
    {
        ParameterRole.Scale => _scale,
        ParameterRole.Bias => _offset,
        ParameterRole.Variance => Initializer.Constant(1),
        _ => Initializer.Zeros,
    };
}
