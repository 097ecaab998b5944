using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Compile;

/// <summary>
/// Finds activations that are spelled out: x · sigmoid(x) is SiLU; x · ReLU6(x + 3) / 6, with the sixth on either factor or behind the
/// product, is HardSwish. The result differs from the separate nodes by rounding. x · HardSigmoid(x) with a slope of a sixth and a half at
/// 0 is HardSwish too; a LeakyReLU that is held above a number is one function.
/// </summary>
internal sealed class RecognizeActivations : IGraphPass
{
    private const float Sixth = 1f / 6f;

    public string Name => "RecognizeActivations";

    public void Run(GraphEdit edit)
    {
        foreach (Node node in edit.Nodes)
        {
            if (Constants(node, ElementFunctions.Clip) is (var floor, float.PositiveInfinity)
                && edit.OwnProducer(node.Inputs[0]) is { } producer && Constants(producer, ElementFunctions.LeakyReLU) is (var slope, _))
            {
                var floored = new FunctionOperation(ElementFunctions.FlooredLeakyReLU, slope, floor);
                edit.Merge(producer, node, node with { Operation = floored, Inputs = producer.Inputs });
                edit.Note($"'{node.Name}' with '{producer.Name}' is FlooredLeakyReLU");
            }
        }

        foreach (Node listed in edit.Nodes)
        {
            if (edit.Producer(listed.Output) is not { Operation: MultiplyOperation, Inputs.Count: 2 } product)
                continue;
            for (int gate = 0; gate < 2; gate++)
            {
                if (Recognize(edit, product, product.Inputs[1 - gate], product.Inputs[gate]))
                    break;
            }
        }
    }

    private static bool Recognize(GraphEdit edit, Node product, ValueInfo x, ValueInfo gate)
    {
        if (x.Shape != product.Output.Shape || edit.OwnProducer(gate) is not { } last)
            return false;
        if (Constants(last, ElementFunctions.Sigmoid) is not null && last.Inputs[0].Id == x.Id)
        {
            Become(edit, product, product.Output, Activation.SiLU, x, [last]);
            return true;
        }

        if (Constants(last, ElementFunctions.HardSigmoid) is ( > 0.16666f and < 0.16667f, 0.5f) && last.Inputs[0].Id == x.Id)
        {
            Become(edit, product, product.Output, Activation.HardSwish, x, [last]);
            return true;
        }

        // ReLU6(x + 3), its sixth before or behind the product.
        bool scaled = last.Operation is RescalingOperation { Scale: Sixth, Offset: 0 };
        Node? relu = scaled ? edit.OwnProducer(last.Inputs[0]) : last;
        if (relu is null || Constants(relu, ElementFunctions.ReLU6) is null
            || edit.OwnProducer(relu.Inputs[0]) is not { Operation: RescalingOperation { Scale: 1, Offset: 3 } } shift
            || shift.Inputs[0].Id != x.Id)
            return false;
        if (scaled)
        {
            Become(edit, product, product.Output, Activation.HardSwish, x, [last, relu, shift]);
            return true;
        }

        if (edit.OnlyConsumer(product.Output) is not { Operation: RescalingOperation { Scale: Sixth, Offset: 0 } } sixth)
            return false;
        ValueInfo output = sixth.Output;
        edit.Merge(product, sixth, sixth with { Inputs = product.Inputs });
        Become(edit, edit.Producer(output)!, output, Activation.HardSwish, x, [relu, shift]);
        return true;
    }

    // The constants of a node that computes a function; null where it does not.
    private static (float Alpha, float Beta)? Constants(Node node, ElementFunction function) =>
        node.Operation is FunctionOperation { Epilogue: var epilogue } && epilogue.Function == function
            ? (epilogue.Alpha, epilogue.Beta)
            : null;

    private static void Become(GraphEdit edit, Node product, ValueInfo output, Activation activation, ValueInfo x, Node[] gone)
    {
        edit.Replace(product, new Node(product.Name, new FunctionOperation(activation), [x], output, []));
        foreach (Node node in gone)
            edit.Remove(node);
        edit.Note($"'{product.Name}' with {string.Join(", ", gone.Select(node => $"'{node.Name}'"))} is {activation}");
    }
}
