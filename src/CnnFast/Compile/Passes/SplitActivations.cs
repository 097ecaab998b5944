using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Compile;

/// <summary>
/// For training: a convolution or dense layer with an activation whose derivative needs the sums becomes one without and a node for the
/// activation. The output of the pair is the value that the layer had, so that consumers and logits stay as they are.
/// </summary>
internal sealed class SplitActivations : IGraphPass
{
    public string Name => "SplitActivations";

    public void Run(GraphEdit edit)
    {
        foreach (Node node in edit.Nodes)
        {
            if (node.Operation is not IConvolution convolution || !((Epilogue)convolution.Activation).GradientNeedsInput)
                continue;
            ValueInfo sums = edit.NewValue($"{node.Name}/sums", node.Output.Shape);
            edit.InsertBefore(node, node with { Operation = convolution.WithActivation(Activation.None), Output = sums });
            edit.Replace(node, new Node($"{node.Name}/activation", new FunctionOperation(convolution.Activation), [sums], node.Output, []));
            edit.Note($"the {convolution.Activation} of '{node.Name}' runs by itself, because its derivative needs the sums");
        }
    }
}
