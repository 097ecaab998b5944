using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Values under another shape.</summary>
internal sealed class ViewReference : ReferenceOf<ViewOperation>
{
    protected override double[] Forward(ViewOperation operation, ReferenceNode node) => node.Input();

    protected override void Backward(ViewOperation operation, ReferenceNode node, double[] dy) => node.AddGradient(0, dy);

    protected override long Terms(ViewOperation operation, Node node) => 0;
}
