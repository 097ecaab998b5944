namespace CnnFast.Graphs;

/// <summary>An operation on tensors of any rank, as imported models hold them beside the layers; it has no gradient and no place in model files.</summary>
internal abstract record TensorOperation : Operation
{
    public sealed override string NamePrefix => "tensor";

    public sealed override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        throw new NotSupportedException($"{Kind} '{shapes.Name}' has no gradient: imported models with it run, but cannot be trained.");
}
