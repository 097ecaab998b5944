using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>
/// Puts batch normalisation into the weights of the convolution or dense layer before it: both stay layers, unlike in inference here.
/// </summary>
internal sealed class FoldBatchNormalization : IGraphPass
{
    public string Name => "FoldBatchNormalization";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (edit.Producer(listed.Output) is not { Operation: BatchNormalizationOperation normalization } node
                || edit.OwnProducer(node.Inputs[0]) is not { } layer || WithBias(layer.Operation) is not { } biased)
                continue;
            int channels = node.Output.Shape[node.Output.Shape.Rank - 1];
            double[] scale = new double[channels], shift = new double[channels];
            normalization.ScaleAndShift(new ParameterValues(node.Parameters), scale, shift);
            ParameterInfo[] infos = [.. biased.DescribeParameters(node.Name, layer.InputShapes(1))];
            var filter = new Parameter(infos[0]);
            Span<float> weights = filter.BeginWrite();
            ReadOnlySpan<float> old = layer.Parameters[0].Values;
            for (int i = 0; i < weights.Length; i++)
                weights[i] = (float)(old[i] * scale[ChannelOf(biased, layer, i, channels)]);
            var bias = new Parameter(infos[1]);
            Span<float> offsets = bias.BeginWrite();
            for (int c = 0; c < channels; c++)
                offsets[c] = (float)(((layer.Parameters.Count > 1 ? layer.Parameters[1].Values[c] : 0) * scale[c]) + shift[c]);
            edit.Merge(layer, node, new Node(node.Name, biased, layer.Inputs, node.Output, [filter, bias]));
            edit.Note($"'{node.Name}' is in the weights of '{layer.Name}'");
        }
    }

    private static Operation? WithBias(Operation operation) => operation switch
    {
        Conv2DOperation { Activation: Activation.None } convolution => convolution with { UseBias = true },
        Conv1DOperation { Activation: Activation.None } convolution => convolution with { UseBias = true },
        DepthwiseConv2DOperation { Activation: Activation.None } convolution => convolution with { UseBias = true },
        Conv2DTransposeOperation { Activation: Activation.None } convolution => convolution with { UseBias = true },
        DenseOperation { Activation: Activation.None } dense => dense with { UseBias = true },
        _ => null,
    };

    // Filters end with the output channels; those of transposed convolutions are [taps, outputs of a group, inputs].
    private static int ChannelOf(Operation operation, Node layer, int index, int channels)
    {
        if (operation is not Conv2DTransposeOperation transposed)
            return index % channels;
        Conv2DGeometry g = transposed.Geometry(layer.Name, layer.InputShapes(1)[0]);
        int group = index % g.OC / (g.OC / g.Groups);
        return (group * g.GroupC) + (index / g.OC % g.GroupC);
    }
}
