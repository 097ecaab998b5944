using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Tests.Graph;

/// <summary>
/// Interprets a graph in double with the naive reference functions, forward and backward. In absolute mode it runs over absolute values and
/// through every activation: the magnitudes that rounding errors are bounded by.
/// </summary>
internal sealed class ReferenceModel
{
    private readonly Graphs.Graph _graph;
    private readonly int _n;
    private readonly bool _absolute;
    private readonly double[][] _values;
    private readonly double[][] _gradients;
    private readonly Dictionary<int, double[]> _sums = [];

    public ReferenceModel(Graphs.Graph graph, int n, bool absolute = false)
    {
        _graph = graph;
        _n = n;
        _absolute = absolute;
        _values = new double[graph.ValueCount][];
        _gradients = new double[graph.ValueCount][];
        foreach (Parameter parameter in graph.Parameters)
            Parameters.Add(parameter.Name, [.. parameter.Values.ToArray().Select(value => Magnitude(value))]);
    }

    public Dictionary<string, double[]> Parameters { get; } = [];

    public Dictionary<string, double[]> ParameterGradients { get; } = [];

    /// <summary>The exact run whose softmax rows and maxima an absolute run follows.</summary>
    public ReferenceModel? Exact { get; init; }

    /// <summary>Whether batch normalisation takes the statistics of the batch.</summary>
    public bool Training { get; init; }

    public double[] Value(ValueInfo value) => _values[value.Id];

    public double[] Forward(ReadOnlySpan<float> input)
    {
        _values[_graph.Inputs[0].Id] = [.. input.ToArray().Select(value => Magnitude(value))];
        foreach (Node node in _graph.Nodes)
            _values[node.Output.Id] = Run(node);
        return _values[_graph.Outputs[0].Id];
    }

    public double Loss(ReadOnlySpan<float> input, ValueInfo logits, int[] labels)
    {
        Forward(input);
        return ReferenceSoftmaxCrossEntropy.Forward(_n, logits.SampleLength, Value(logits), labels);
    }

    public void Backward(ValueInfo logits, double[] gradient)
    {
        for (int id = 0; id < _gradients.Length; id++)
            _gradients[id] = new double[_values[id].Length];
        gradient.CopyTo(_gradients[logits.Id], 0);
        foreach (Node node in _graph.Nodes.Reverse())
        {
            if (node.Output.Id <= logits.Id)
                RunBackward(node);
        }
    }

    /// <summary>
    /// Terms of the sums on a way through the net: those of every node forward and backward, and of the longest
    /// sum over the pixels of the batch.
    /// </summary>
    public static long Terms(Graphs.Graph graph, int n) =>
        graph.Nodes.Sum(TermsOf) + (n * graph.Nodes.Max(node => node.Output.SampleLength / node.Output.Shape[node.Output.Shape.Rank - 1]));

    private static long TermsOf(Node node)
    {
        int channels = node.Inputs[0].Shape[node.Inputs[0].Shape.Rank - 1];
        return node.Operation switch
        {
            ConvolutionOperation c => TermsOf(c.Geometry(node.Name, node.Inputs[0].Shape.WithBatch(1))),
            DenseOperation d => channels + d.Units,
            MaxPool2DOperation max => max.Window.H * max.Window.W,
            AveragePool2DOperation average => 2 * average.Window.H * average.Window.W,
            GlobalAveragePool2DOperation => node.Inputs[0].SampleLength / channels,
            SoftmaxOperation => 2 * channels,
            BatchNormalizationOperation => 8,
            GlobalMaxPool2DOperation => node.Inputs[0].SampleLength / channels,
            UpSampling2DOperation up => 4 + (4 * up.FactorH * up.FactorW),
            MultiplyOperation => node.Inputs.Count + (node.Output.SampleLength / node.Inputs[1].SampleLength),
            ViewOperation => 0,
            _ => node.Inputs.Count,
        };
    }

    private static long TermsOf(Conv2DGeometry g) => (long)g.KH * g.KW * (g.GroupC + g.GroupOC);

    private static int PixelsOf(Node node, ValueInfo factors) => node.Output.SampleLength / factors.SampleLength;

    private void MultiplyBackward(Node node, double[] dy)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            double[] product = [.. dy];
            for (int j = 0; j < node.Inputs.Count; j++)
            {
                if (i == j)
                    continue;
                if (PixelsOf(node, node.Inputs[i]) == 1)
                {
                    ReferenceMultiply.Forward(PixelsOf(node, node.Inputs[j]), node.Inputs[j].SampleLength, [.. product],
                        Value(node.Inputs[j]), product);
                    continue;
                }

                var sums = new double[_n * node.Inputs[i].SampleLength];
                ReferenceMultiply.BackwardFactors(PixelsOf(node, node.Inputs[i]), node.Inputs[i].SampleLength, Value(node.Inputs[j]),
                    product, sums);
                product = sums;
            }

            AddTo(_gradients[node.Inputs[i].Id], product);
        }
    }

    private void UpSampling(Node node, UpSampling2DOperation up, double[] x, double[] y)
    {
        Shape input = Nhwc(_n, node.Inputs[0].Shape), output = Nhwc(_n, node.Output.Shape);
        if (up.Interpolation == Interpolation.Nearest)
            ReferenceResize.Nearest(input, output, i => i / up.FactorH, j => j / up.FactorW, x, y);
        else
            ReferenceResize.Bilinear(input, output, i => ((i + 0.5) / up.FactorH) - 0.5, j => ((j + 0.5) / up.FactorW) - 0.5, x, y);
    }

    private void UpSamplingBackward(Node node, UpSampling2DOperation up, double[] dy, double[] dx)
    {
        Shape input = Nhwc(_n, node.Inputs[0].Shape), output = Nhwc(_n, node.Output.Shape);
        if (up.Interpolation == Interpolation.Nearest)
            ReferenceResize.NearestBackward(input, output, i => i / up.FactorH, j => j / up.FactorW, dy, dx);
        else
            ReferenceResize.BilinearBackward(input, output, i => ((i + 0.5) / up.FactorH) - 0.5, j => ((j + 0.5) / up.FactorW) - 0.5, dy,
                dx);
    }

    private static Shape Nhwc(int n, Shape sample) => sample.Rank == 3 ? sample.WithBatch(n) : Shape.Nhwc(n, 1, 1, sample.ElementCount);

    private double Magnitude(double value) => _absolute ? Math.Abs(value) : value;

    private double[] Run(Node node)
    {
        double[] x = Value(node.Inputs[0]);
        var y = new double[_n * node.Output.SampleLength];
        switch (node.Operation)
        {
            case Conv2DTransposeOperation:
                ReferenceConv2DTranspose.Forward(Convolution(node), x, Parameters[node.Parameters[0].Name], Bias(node), y);
                return Activated(node, y);
            case ConvolutionOperation or DenseOperation:
                ReferenceConv2D.Forward(Convolution(node), x, Parameters[node.Parameters[0].Name], Bias(node), y);
                return Activated(node, y);
            case MaxPool2DOperation or GlobalMaxPool2DOperation:
                ReferencePool2D.MaxForward(Pool(node), x, y);
                return y;
            case AveragePool2DOperation or GlobalAveragePool2DOperation:
                ReferencePool2D.AverageForward(Pool(node), x, y, node.Operation is AveragePool2DOperation { CountPadding: true });
                return y;
            case FunctionOperation:
                return Activated(node, x);
            case BatchNormalizationOperation:
                return new ReferenceNormalization(this, node, _n).Forward(x);
            case RescalingOperation rescaling:
                return [.. x.Select(value => (Magnitude(rescaling.Scale) * value) + Magnitude(rescaling.Offset))];
            case ChannelAffineOperation:
                double[] scale = Parameters[node.Parameters[0].Name], shift = Parameters[node.Parameters[1].Name];
                return [.. x.Select((value, i) => (scale[i % scale.Length] * value) + shift[i % scale.Length])];
            case PReLUOperation:
                double[] slope = Parameters[node.Parameters[0].Name];
                if (_absolute)
                    return [.. x.Select((value, i) => Math.Max(1, slope[i % slope.Length]) * value)];
                ReferencePReLU.Forward(x, slope, y);
                return y;
            case ZeroPadding2DOperation padding:
                ReferenceZeroPadding2D.Forward(Nhwc(_n, node.Inputs[0].Shape),
                    Padding.Explicit(padding.Top, padding.Left, padding.Bottom, padding.Right), x, y);
                return y;
            case UpSampling2DOperation up:
                UpSampling(node, up, x, y);
                return y;
            case MultiplyOperation:
                x.CopyTo(y, 0);
                foreach (ValueInfo input in node.Inputs.Skip(1))
                    ReferenceMultiply.Forward(PixelsOf(node, input), input.SampleLength, [.. y], Value(input), y);
                return y;
            case SoftmaxOperation:
                return Softmax(node, x, y);
            case AddOperation:
                foreach (ValueInfo input in node.Inputs)
                    AddTo(y, Value(input));
                return y;
            case ConcatenateOperation:
                Concatenate(node, (input, from, to) => y[to] = Value(input)[from]);
                return y;
            case ViewOperation or DropoutOperation:
                return x;
            default:
                throw new InvalidOperationException($"The interpreter knows no {node.Operation.Kind}.");
        }
    }

    private void RunBackward(Node node)
    {
        double[] dy = [.. _gradients[node.Output.Id]];
        double[] x = Value(node.Inputs[0]);
        var dx = new double[x.Length];
        switch (node.Operation)
        {
            case Conv2DTransposeOperation:
                dy = ActivationGradient(node, dy);
                TransposeBackward(node, Convolution(node), x, dy, dx);
                break;
            case ConvolutionOperation or DenseOperation:
                dy = ActivationGradient(node, dy);
                Conv2DGeometry g = Convolution(node);
                ParameterGradients[node.Parameters[0].Name] = new double[g.Filter.ToShape().ElementCount];
                ReferenceConv2D.BackwardFilter(g, x, dy, ParameterGradients[node.Parameters[0].Name]);
                if (node.Parameters.Count > 1)
                {
                    ParameterGradients[node.Parameters[1].Name] = new double[g.OC];
                    ReferenceConv2D.BackwardBias(g, dy, ParameterGradients[node.Parameters[1].Name]);
                }

                ReferenceConv2D.BackwardData(g, dy, Parameters[node.Parameters[0].Name], dx);
                break;
            case MaxPool2DOperation or GlobalMaxPool2DOperation:
                ReferencePool2D.MaxBackward(Pool(node), Exact?.Value(node.Inputs[0]) ?? x, dy, dx);
                break;
            case AveragePool2DOperation or GlobalAveragePool2DOperation:
                ReferencePool2D.AverageBackward(Pool(node), dy, dx, node.Operation is AveragePool2DOperation { CountPadding: true });
                break;
            case FunctionOperation:
                dx = ActivationGradient(node, dy);
                break;
            case BatchNormalizationOperation:
                dx = new ReferenceNormalization(this, node, _n).Backward(x, dy);
                break;
            case RescalingOperation rescaling:
                dx = [.. dy.Select(value => Magnitude(rescaling.Scale) * value)];
                break;
            case ChannelAffineOperation:
                dx = ChannelAffineBackward(node, x, dy);
                break;
            case PReLUOperation:
                PReLUBackward(node, x, dy, dx);
                break;
            case ZeroPadding2DOperation padding:
                ReferenceZeroPadding2D.Backward(Nhwc(_n, node.Inputs[0].Shape),
                    Padding.Explicit(padding.Top, padding.Left, padding.Bottom, padding.Right), dy, dx);
                break;
            case UpSampling2DOperation up:
                UpSamplingBackward(node, up, dy, dx);
                break;
            case MultiplyOperation:
                MultiplyBackward(node, dy);
                return;
            case SoftmaxOperation:
                SoftmaxBackward(node, dy, dx);
                break;
            case AddOperation:
                foreach (ValueInfo input in node.Inputs)
                    AddTo(_gradients[input.Id], dy);
                return;
            case ConcatenateOperation:
                Concatenate(node, (input, from, to) => _gradients[input.Id][from] += dy[to]);
                return;
            case ViewOperation or DropoutOperation:
                dx = dy;
                break;
        }

        AddTo(_gradients[node.Inputs[0].Id], dx);
    }

    private void PReLUBackward(Node node, double[] x, double[] dy, double[] dx)
    {
        double[] slope = Parameters[node.Parameters[0].Name];
        var dslope = new double[slope.Length];
        if (!_absolute)
            ReferencePReLU.Backward(x, slope, dy, dx, dslope);
        for (int i = 0; _absolute && i < x.Length; i++)
        {
            int channel = i % slope.Length;
            dslope[channel] += x[i] * dy[i];
            dx[i] = Math.Max(1, slope[channel]) * dy[i];
        }

        ParameterGradients[node.Parameters[0].Name] = dslope;
    }

    private double[] ChannelAffineBackward(Node node, double[] x, double[] dy)
    {
        double[] scale = Parameters[node.Parameters[0].Name];
        var dscale = new double[scale.Length];
        var dshift = new double[scale.Length];
        var dx = new double[dy.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            int channel = i % scale.Length;
            dx[i] = scale[channel] * dy[i];
            dscale[channel] += x[i] * dy[i];
            dshift[channel] += dy[i];
        }

        (ParameterGradients[node.Parameters[0].Name], ParameterGradients[node.Parameters[1].Name]) = (dscale, dshift);
        return dx;
    }

    private void TransposeBackward(Node node, Conv2DGeometry g, double[] x, double[] dy, double[] dx)
    {
        ParameterGradients[node.Parameters[0].Name] = new double[g.Filter.ToShape().ElementCount];
        ReferenceConv2DTranspose.BackwardFilter(g, x, dy, ParameterGradients[node.Parameters[0].Name]);
        if (node.Parameters.Count > 1)
        {
            ParameterGradients[node.Parameters[1].Name] = new double[g.C];
            ReferenceConv2DTranspose.BackwardBias(g, dy, ParameterGradients[node.Parameters[1].Name]);
        }

        ReferenceConv2DTranspose.BackwardData(g, dy, Parameters[node.Parameters[0].Name], dx);
    }

    private static void AddTo(double[] sum, double[] addend)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += addend[i];
    }

    private double[] Activated(Node node, double[] x)
    {
        _sums[node.Output.Id] = x;
        if (NodeFunction.Of(node.Operation) is not { } function)
            return x;
        if (_absolute)
            return function.ForwardMagnitudes(x, Exact!.Value(node.Output));
        var y = new double[x.Length];
        function.Apply(x, y);
        return y;
    }

    private double[] ActivationGradient(Node node, double[] dy)
    {
        if (NodeFunction.Of(node.Operation) is not { } function)
            return dy;
        double[] x = _sums[node.Output.Id];
        if (_absolute)
            return function.BackwardMagnitudes(dy, x);
        var dx = new double[dy.Length];
        function.ApplyGradient(x, dy, dx);
        return dx;
    }

    private double[] Softmax(Node node, double[] x, double[] y)
    {
        int classes = node.Output.Shape[node.Output.Shape.Rank - 1];
        if (!_absolute)
        {
            ReferenceSoftmax.Forward(y.Length / classes, classes, x, y);
            return y;
        }

        // An error of d in the inputs changes a probability p by at most about 2·d·p.
        double[] exact = Exact!.Value(node.Output);
        for (int i = 0; i < y.Length; i++)
            y[i] = exact[i] * (1 + (2 * x.AsSpan(i / classes * classes, classes).ToArray().Max()));
        return y;
    }

    private void SoftmaxBackward(Node node, double[] dy, double[] dx)
    {
        int classes = node.Output.Shape[node.Output.Shape.Rank - 1];
        double[] y = Value(node.Output);
        if (!_absolute)
        {
            ReferenceSoftmax.Backward(y.Length / classes, classes, y, dy, dx);
            return;
        }

        for (int row = 0; row < y.Length; row += classes)
        {
            double sum = 0;
            for (int i = row; i < row + classes; i++)
                sum += dy[i] * y[i];
            for (int i = row; i < row + classes; i++)
                dx[i] = y[i] * (dy[i] + sum);
        }
    }

    private void Concatenate(Node node, Action<ValueInfo, int, int> each)
    {
        int total = node.Output.Shape[node.Output.Shape.Rank - 1];
        int rows = _n * node.Output.SampleLength / total;
        int offset = 0;
        foreach (ValueInfo input in node.Inputs)
        {
            int channels = input.Shape[input.Shape.Rank - 1];
            for (int row = 0; row < rows; row++)
            {
                for (int c = 0; c < channels; c++)
                    each(input, (row * channels) + c, (row * total) + offset + c);
            }

            offset += channels;
        }
    }

    private Conv2DGeometry Convolution(Node node)
    {
        Shape input = Nhwc(_n, node.Inputs[0].Shape);
        return node.Operation is ConvolutionOperation c
            ? c.Geometry(node.Name, input)
            : Conv2DGeometry.Create(input, new FilterShape(1, 1, input[3], ((DenseOperation)node.Operation).Units));
    }

    private Pool2DGeometry Pool(Node node)
    {
        Shape input = Nhwc(_n, node.Inputs[0].Shape);
        Window2D? window = node.Operation switch
        {
            MaxPool2DOperation max => max.Window,
            AveragePool2DOperation average => average.Window,
            _ => null,
        };
        return window is { } w
            ? Pool2DGeometry.Create(input, w.H, w.W, w.StrideH, w.StrideW, w.Padding, w.DilationH, w.DilationW)
            : Pool2DGeometry.Global(input);
    }

    private double[] Bias(Node node) => node.Parameters.Count > 1 ? Parameters[node.Parameters[1].Name] : [];
}
