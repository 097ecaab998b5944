using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Functions of single elements.</summary>
internal sealed class FunctionReference : ReferenceOf<FunctionOperation>
{
    protected override double[] Forward(FunctionOperation operation, ReferenceNode node) => NodeFunction.Forward(node, node.Input());

    protected override void Backward(FunctionOperation operation, ReferenceNode node, double[] dy) =>
        node.AddGradient(0, NodeFunction.Backward(node, dy));
}
