using CnnFast.Graphs;

namespace CnnFast.Tests.Graph.Tensors;

/// <summary>An operation and what it reads, to be held against central differences.</summary>
/// <param name="Name">What is special.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Inputs">Its inputs; of those with a batch the shape has the largest one.</param>
internal sealed record TensorCase(string Name, Operation Operation, params TensorInput[] Inputs)
{
    /// <summary>The shapes for a batch.</summary>
    public Shape[] ShapesFor(int n) => [.. Inputs.Select(input => input.IsWhole ? input.Shape : input.Shape.WithoutBatch().WithBatch(n))];

    /// <summary>The shape of the output for a batch.</summary>
    public Shape OutputFor(int n)
    {
        Shape one = Operation.InferShape("test", ShapesFor(1));
        return IsWhole ? one : one.WithoutBatch().WithBatch(n);
    }

    /// <summary>Whether all of it is one value.</summary>
    public bool IsWhole => Inputs.All(input => input.IsWhole);

    public override string ToString() => $"{Operation.Kind} {Name}";
}
