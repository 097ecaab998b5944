namespace CnnFast.Graphs;

/// <summary>An operation on tensors of any rank, as imported models hold them beside the layers; it has no gradient, and in model files another kind than a layer of the same name.</summary>
internal abstract record TensorOperation : Operation
{
    /// <summary>The most dimensions of a tensor in a model file.</summary>
    public const int MaxRank = 16;

    public sealed override string NamePrefix => "tensor";

    public abstract override string FileKind { get; }

    public sealed override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => throw NoGradient(shapes);

    /// <summary>What training says.</summary>
    protected NotSupportedException NoGradient(NodeShapes shapes) => new($"{Kind} '{shapes.Name}' has no gradient: imported models with it run, but cannot be trained.");

    /// <summary>Throws unless an input has a number of dimensions.</summary>
    protected void RequireRank(string name, Shape input, int rank)
    {
        if (input.Rank != rank)
            throw new ShapeException($"{Who(name)}: input has shape {input}; expected {rank} dimensions.");
    }
}
