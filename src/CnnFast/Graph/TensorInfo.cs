namespace CnnFast;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name: that of the input, or of the layer that computes it.</param>
/// <param name="Shape">The shape of one sample, without the batch; where <see cref="HasBatch"/> is false, all of its shape.</param>
public sealed record TensorInfo(string Name, Shape Shape)
{
    /// <summary>What its elements are; <see cref="ElementType.Float32"/> but for some imported models.</summary>
    public ElementType ElementType { get; init; }

    /// <summary>Whether a run has one for every sample; false for imported models that compute one batch of fixed size.</summary>
    public bool HasBatch { get; init; } = true;
}
