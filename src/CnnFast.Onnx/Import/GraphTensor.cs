using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>A tensor as it lies in memory: what operations of a graph read and compute, or a constant.</summary>
/// <param name="Shape">Its dimensions in memory; a scalar has one of 1. Where <see cref="IsBatched"/>, the
/// first is the batch, of 1.</param>
/// <param name="Type">What its elements are.</param>
internal sealed record GraphTensor(Shape Shape, ElementType Type)
{
    /// <summary>The value of the graph; null for a constant.</summary>
    public ValueInfo? Info { get; init; }

    /// <summary>The constant's elements; null for a value of the graph.</summary>
    public OnnxTensor? Constant { get; init; }

    /// <summary>Whether a constant depends on the shapes of the model's inputs.</summary>
    public bool DependsOnShape { get; init; }

    /// <summary>Whether it has a value for every sample.</summary>
    public bool IsBatched => Info is { IsWhole: false };
}
