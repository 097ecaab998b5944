using CnnFast.Graphs;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// A model's graph as calls of libtorch, in the mode of training, with the model's own weights. The Softmax at the end is left to the loss.
/// libtorch has images as [N, C, H, W], contiguous or channels last; a dense layer behind Flatten has its columns in that order.
/// </summary>
internal sealed class TorchNet : IDisposable
{
    private readonly Graph _graph;
    private readonly bool _channelsLast;
    private readonly Dictionary<Parameter, torch.Tensor> _parameters = [];
    private readonly List<Action<torch.Tensor?[]>> _calls = [];
    private readonly Dictionary<int, Shape> _flattened = [];
    private readonly torch.Tensor?[] _values;
    private readonly int _output;

    public TorchNet(Model model, bool channelsLast)
    {
        _graph = model.Graph;
        _channelsLast = channelsLast;
        _values = new torch.Tensor?[_graph.ValueCount];
        _output = _graph.Outputs[0].Id;
        foreach (Node node in _graph.Nodes)
        {
            if (node.Operation is SoftmaxOperation && node.Output.Id == _output)
                _output = node.Inputs[0].Id;
            else
                Add(node);
        }
    }

    /// <summary>What the optimizer changes.</summary>
    public IEnumerable<TorchParameter> Trainable => _parameters.Values.OfType<TorchParameter>();

    /// <summary>Samples, one after the other in this library's layout, as a tensor.</summary>
    public static torch.Tensor Image(float[] values, int batch, Shape sample, bool channelsLast) =>
        Turned(values, [batch, sample[0], sample[1], sample[2]], channelsLast);

    /// <summary>Computes the values that the loss reads.</summary>
    public torch.Tensor Forward(torch.Tensor input)
    {
        _values[_graph.Inputs[0].Id] = input;
        foreach (Action<torch.Tensor?[]> call in _calls)
            call(_values);
        return _values[_output]!;
    }

    public void Dispose()
    {
        foreach (torch.Tensor parameter in _parameters.Values)
            parameter.Dispose();
    }

    // [N, H, W, C] to [N, C, H, W] of either order in memory.
    private static torch.Tensor Turned(float[] values, long[] sizes, bool channelsLast)
    {
        using torch.Tensor given = torch.tensor(values, sizes);
        using torch.Tensor turned = given.permute(0, 3, 1, 2);
        return channelsLast ? turned.clone() : turned.contiguous();
    }

    private void Add(Node node)
    {
        Func<torch.Tensor[], torch.Tensor> call = Translate(node);
        int[] inputs = [.. node.Inputs.Select(input => input.Id)];
        int output = node.Output.Id;
        var operands = new torch.Tensor[inputs.Length];
        _calls.Add(values =>
        {
            for (int i = 0; i < inputs.Length; i++)
                operands[i] = values[inputs[i]]!;
            values[output] = call(operands);
        });
    }

    private Func<torch.Tensor[], torch.Tensor> Translate(Node node)
    {
        switch (node.Operation)
        {
            case Conv2DTransposeOperation transpose:
                return TransposedConvolution(node, transpose);
            case ConvolutionOperation convolution:
                return Convolution(node, convolution);
            case DenseOperation dense:
                torch.Tensor weights = DenseWeights(node);
                torch.Tensor? bias = Bias(node, dense.UseBias);
                return x => Activated(F.linear(x[0], weights, bias), dense.Activation);
            case BatchNormalizationOperation normalization:
                return Normalization(node, normalization);
            case MaxPool2DOperation pool:
                Pool2DGeometry g = pool.Window.PoolOver(node.Name, node.Name, node.Inputs[0].ShapeFor(1));
                if (g.PadTop != g.PadBottom || g.PadLeft != g.PadRight)
                    throw new NotSupportedException($"{node.Name}: libtorch pads poolings alike on both sides");
                long[] size = [g.KH, g.KW], stride = [g.StrideH, g.StrideW], padding = [g.PadTop, g.PadLeft], one = [1, 1];
                return x => F.max_pool2d(x[0], size, stride, padding, one);
            case FlattenOperation:
                _flattened[node.Output.Id] = node.Inputs[0].Shape;
                return x => x[0].flatten(1);
            case UpSampling2DOperation { Interpolation: Interpolation.Bilinear } upSampling:
                long[] sizes = [node.Output.Shape[0], node.Output.Shape[1]];
                return x => F.interpolate(x[0], sizes, mode: torch.InterpolationMode.Bilinear, align_corners: false);
            case DropoutOperation dropout:
                return x => F.dropout(x[0], dropout.Rate, training: true);
            case FunctionOperation function:
                Activation activation = Enum.TryParse(function.Function.Name, out Activation known)
                    ? known
                    : throw Unknown(node);
                return x => Activated(x[0], activation);
            case GlobalAveragePool2DOperation:
                return x => x[0].mean([2, 3]);
            case GlobalMaxPool2DOperation:
                return x => x[0].amax([2, 3]);
            case AddOperation:
                return x => x[0] + x[1];
            case ConcatenateOperation:
                return x => torch.cat(x, 1);
            default:
                throw Unknown(node);
        }
    }

    private static NotSupportedException Unknown(Node node) =>
        new($"there is no translation of {node.Operation.Kind} '{node.Name}' for libtorch");

    private static torch.Tensor Activated(torch.Tensor x, Activation activation) => activation switch
    {
        Activation.None => x,
        Activation.ReLU => F.relu(x),
        Activation.ReLU6 => F.relu6(x),
        Activation.SiLU => F.silu(x),
        Activation.HardSwish => F.hardswish(x),
        Activation.Sigmoid => torch.sigmoid(x),
        Activation.Tanh => torch.tanh(x),
        _ => throw new NotSupportedException($"there is no translation of {activation} for libtorch"),
    };

    private Func<torch.Tensor[], torch.Tensor> Convolution(Node node, ConvolutionOperation convolution)
    {
        Conv2DGeometry g = convolution.Geometry(node.Name, node.Inputs[0].ShapeFor(1));
        torch.Tensor filter = Filter(node.Parameters[0], g);
        torch.Tensor? bias = Bias(node, convolution.UseBias);
        bool isEven = g.PadTop == g.PadBottom && g.PadLeft == g.PadRight;
        long[] padding = isEven ? [g.PadTop, g.PadLeft] : [0, 0], border = [g.PadLeft, g.PadRight, g.PadTop, g.PadBottom];
        long[] stride = [g.StrideH, g.StrideW], dilation = [g.DilationH, g.DilationW];
        return x => Activated(
            F.conv2d(isEven ? x[0] : F.pad(x[0], border), filter, bias, stride, padding, dilation, g.Groups), convolution.Activation);
    }

    private Func<torch.Tensor[], torch.Tensor> TransposedConvolution(Node node, Conv2DTransposeOperation transpose)
    {
        Conv2DGeometry g = transpose.Geometry(node.Name, node.Inputs[0].ShapeFor(1));
        if (g.PadTop != g.PadBottom || g.PadLeft != g.PadRight || transpose.OutputPaddingH + transpose.OutputPaddingW > 0)
            throw Unknown(node);
        torch.Tensor filter = Filter(node.Parameters[0], g);
        torch.Tensor? bias = Bias(node, transpose.UseBias);
        long[] padding = [g.PadTop, g.PadLeft], stride = [g.StrideH, g.StrideW], dilation = [g.DilationH, g.DilationW];
        return x => Activated(F.conv_transpose2d(x[0], filter, bias, stride, padding, [0, 0], dilation, g.Groups), transpose.Activation);
    }

    private Func<torch.Tensor[], torch.Tensor> Normalization(Node node, BatchNormalizationOperation normalization)
    {
        torch.Tensor? At(int index) => index < 0 ? null : Vector(node.Parameters[index]);
        torch.Tensor? gamma = At(normalization.GammaIndex), beta = At(normalization.BetaIndex);
        torch.Tensor mean = At(normalization.MeanIndex)!, variance = At(normalization.VarianceIndex)!;
        double momentum = 1 - normalization.Momentum;
        return x => F.batch_norm(x[0], mean, variance, gamma, beta, true, momentum, normalization.Epsilon);
    }

    // [KH, KW, C/G, OC] to [OC, C/G, KH, KW].
    private torch.Tensor Filter(Parameter parameter, Conv2DGeometry g)
    {
        using torch.Tensor given = torch.tensor(parameter.Values.ToArray(), [g.KH, g.KW, g.GroupC, g.OC]);
        using torch.Tensor ohwi = given.permute(3, 0, 1, 2).contiguous();
        using torch.Tensor oihw = ohwi.permute(0, 3, 1, 2);
        return Keep(parameter, _channelsLast ? oihw.clone() : oihw.contiguous());
    }

    // [In, Units] to [Units, In], where In is [H, W, C] to [C, H, W] behind Flatten.
    private torch.Tensor DenseWeights(Node node)
    {
        Parameter parameter = node.Parameters[0];
        int units = parameter.Shape[1];
        if (!_flattened.TryGetValue(node.Inputs[0].Id, out Shape image) || image.Rank != 3)
            image = new Shape(1, 1, parameter.Shape[0]);
        using torch.Tensor given = torch.tensor(parameter.Values.ToArray(), [image[0], image[1], image[2], units]);
        using torch.Tensor turned = given.permute(3, 2, 0, 1).contiguous();
        return Keep(parameter, turned.flatten(1));
    }

    private torch.Tensor? Bias(Node node, bool has) => has ? Vector(node.Parameters[1]) : null;

    private torch.Tensor Vector(Parameter parameter) => Keep(parameter, torch.tensor(parameter.Values.ToArray()));

    private torch.Tensor Keep(Parameter parameter, torch.Tensor tensor)
    {
        if (parameter.Role is not (ParameterRole.Mean or ParameterRole.Variance))
            tensor = new TorchParameter(tensor);
        _parameters.Add(parameter, tensor);
        return tensor;
    }
}
