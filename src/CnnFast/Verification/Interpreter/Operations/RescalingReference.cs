using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>One scale and one offset for all elements.</summary>
internal sealed class RescalingReference : ReferenceOf<RescalingOperation>
{
    protected override double[] Forward(RescalingOperation operation, ReferenceNode node) =>
        [.. node.Input().Select(value => (node.Magnitude(operation.Scale) * value) + node.Magnitude(operation.Offset))];

    protected override void Backward(RescalingOperation operation, ReferenceNode node, double[] dy) =>
        node.AddGradient(0, [.. dy.Select(value => node.Magnitude(operation.Scale) * value)]);
}
