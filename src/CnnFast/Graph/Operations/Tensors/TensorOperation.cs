namespace CnnFast.Graphs;

/// <summary>
/// An operation on tensors of any rank, as imported models hold them beside the layers; in model files all are of another kind than a
/// layer of the same name.
/// </summary>
internal abstract record TensorOperation : Operation
{
    /// <summary>The most dimensions of a tensor in a model file.</summary>
    public const int MaxRank = 16;

    public sealed override string NamePrefix => "tensor";

    public abstract override string FileKind { get; }

    /// <summary>What is thrown where a gradient is asked for that does not exist.</summary>
    protected InvalidOperationException NoGradient(NodeShapes shapes) => new($"{Who(shapes.Name)} has no gradient.");

    /// <summary>Throws unless an input has a number of dimensions.</summary>
    protected void RequireRank(string name, Shape input, int rank)
    {
        if (input.Rank != rank)
            throw new ShapeException($"{Who(name)}: input has shape {input}; expected {rank} dimensions.");
    }
}
