using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Moves changes of shape that keep the channels out from between a convolution or dense layer and the functions of single elements or
/// channels beside it, so that it can take them up.
/// </summary>
internal sealed class MoveReshapes : IGraphPass
{
    public string Name => "MoveReshapes";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (edit.Producer(listed.Output) is not { Output.IsWhole: false } node)
                continue;
            if (IsOfElements(node.Operation))
                MoveBehind(edit, node);
            else if (FusedConvolutionOperation.Of(node) is not null)
                MoveBefore(edit, node);
        }
    }

    // convolution, functions, view, function: the view comes last.
    private static void MoveBehind(GraphEdit edit, Node function)
    {
        if (edit.OwnProducer(function.Inputs[0]) is not { } view || !IsView(view) || function.Inputs.Count != 1)
            return;
        Node? before = edit.OwnProducer(view.Inputs[0]);
        while (before is not null && IsOfElements(before.Operation))
            before = edit.OwnProducer(before.Inputs[0]);
        if (before is null || FusedConvolutionOperation.Of(before) is not { IsLinear: true })
            return;
        ValueInfo value = edit.NewValue($"{function.Name}.moved", view.Inputs[0].Shape);
        edit.Replace(view, function with { Inputs = view.Inputs, Output = value });
        edit.Replace(function, view with { Inputs = [value], Output = function.Output });
        edit.Note($"'{view.Name}' comes behind '{function.Name}'");
    }

    // affine functions, view, affine functions, convolution: the view comes first.
    private static void MoveBefore(GraphEdit edit, Node convolution)
    {
        Node? view = edit.OwnProducer(convolution.Inputs[0]);
        while (view is not null)
        {
            if (view.Operation is IChannelAffine)
            {
                view = edit.OwnProducer(view.Inputs[0]);
                continue;
            }

            if (!IsView(view) || edit.OwnProducer(view.Inputs[0]) is not { Operation: IChannelAffine } affine
                || affine.Inputs[0].Shape != affine.Output.Shape)
                return;
            ValueInfo value = edit.NewValue($"{affine.Name}.moved", view.Output.Shape);
            Node moved = view with { Inputs = affine.Inputs, Output = value };
            edit.Replace(affine, moved);
            edit.Replace(view, affine with { Inputs = [value], Output = view.Output });
            edit.Note($"'{view.Name}' comes before '{affine.Name}'");
            view = moved;
        }
    }

    private static bool IsOfElements(Operation operation) => operation is IChannelAffine || operation.AsEpilogue is not null;

    private static bool IsView(Node node) => node is { Operation: ReshapeOperation, Output.IsWhole: false }
        && !node.Inputs[0].IsWhole
        && node.Inputs[0].Shape.Dimensions[^1] == node.Output.Shape.Dimensions[^1];
}
