using CnnFast.Onnx.Conformance.Running;
using CnnFast.Onnx.Conformance.Sweeps;
using CnnFast.Onnx.Conformance.Vectors;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Conformance.Families;

/// <summary>A model put together as exporters write it; the weights are drawn from a seed. It has one input, <c>x</c>.</summary>
internal sealed class FamilyModel(int opset, int seed) : Draws(seed)
{
    private readonly GraphProto _graph = new() { Name = "family" };

    /// <summary>Adds the input.</summary>
    /// <param name="dimensions">Its dimensions; −1 where one is open.</param>
    public string Input(params int[] dimensions)
    {
        ValueInfoProto input = NodeProtos.Value("x", ElementType.Float32, dimensions, false);
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i] < 0)
                input.Type.TensorType.Shape.Dim[i] = new TensorShapeProto.Types.Dimension { DimParam = $"d{i}" };
        }

        _graph.Input.Add(input);
        return "x";
    }

    /// <summary>Declares an output.</summary>
    public void Output(string value) => _graph.Output.Add(NodeProtos.Value(value, ElementType.Float32, null, false));

    public byte[] ToBytes() =>
        new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = opset } }, Graph = _graph }.ToByteArray();

    public string Add(string op, string[] inputs, params (string Name, object Value)[] attributes) => Add(op, 1, inputs, attributes)[0];

    public string[] Add(string op, int outputs, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string name = $"{op}_{_graph.Node.Count}";
        string[] names = [.. Enumerable.Range(0, outputs).Select(i => $"{name}_{i}")];
        _graph.Node.Add(NodeProtos.Create(op, name, inputs, names, attributes));
        return names;
    }

    /// <summary>An initialiser.</summary>
    public string Initializer(OnnxTensor tensor)
    {
        string name = $"w{_graph.Initializer.Count}";
        _graph.Initializer.Add(VectorTensor.Write(name, tensor));
        return name;
    }

    /// <summary>A Constant node, as PyTorch writes numbers of the source.</summary>
    public string Constant(OnnxTensor tensor) => Add("Constant", [], ("value", tensor));

    public string Number(float value) => Constant(Scalar(value));

    public string Integers(params int[] values) => Constant(Vector(values));

    /// <summary>Weights whose sums of so many products are about as large as their inputs.</summary>
    public string Weights(int terms, params int[] dimensions) =>
        Initializer(Floats(dimensions, -Math.Sqrt(4.0 / terms), Math.Sqrt(4.0 / terms)));

    /// <summary>A convolution with a square filter; an odd one with as much padding as keeps the size.</summary>
    public string Conv(string x, int inChannels, int outChannels, int size, int stride = 1, int groups = 1, int dilation = 1,
        bool bias = true, int? pad = null)
    {
        int border = pad ?? size / 2 * dilation;
        return Conv(x, inChannels, outChannels, (size, size), stride, groups, dilation, bias, (border, border));
    }

    /// <summary>A convolution without bias whose filter is no square, with a border that keeps the size.</summary>
    public string Oblong(string x, int inChannels, int outChannels, int height, int width) =>
        Conv(x, inChannels, outChannels, (height, width), 1, 1, 1, false, (height / 2, width / 2));

    public string BatchNormalization(string x, int channels) => Add(
        "BatchNormalization",
        [x, Initializer(Floats([channels], 0.7, 1.3)), Initializer(Floats([channels], -0.2, 0.2)),
            Initializer(Floats([channels], -0.2, 0.2)), Initializer(Floats([channels], 0.5, 1.5))],
        ("epsilon", 1e-5f));

    /// <summary>A convolution without bias, normalised.</summary>
    public string Normalized(string x, int from, int to, int size, int stride = 1, int groups = 1) =>
        BatchNormalization(Conv(x, from, to, size, stride, groups, bias: false), to);

    public string Relu(string x) => Add("Relu", [x]);

    /// <summary>SiLU as PyTorch writes it.</summary>
    public string Silu(string x) => Add("Mul", [x, Add("Sigmoid", [x])]);

    public string MaxPool(string x, int size, int stride, int pad = 0) =>
        Add("MaxPool", [x], ("kernel_shape", new[] { size, size }), ("strides", new[] { stride, stride }),
            ("pads", new[] { pad, pad, pad, pad }));

    /// <summary>ReLU6 as PyTorch and tf2onnx write it.</summary>
    public string Relu6(string x) => Add("Clip", [x, Number(0), Number(6)]);

    /// <summary>One of the sizes of a value, as a vector of one element.</summary>
    public string SizeOf(string x, int axis) => Unsqueezed(Add("Gather", [Add("Shape", [x]), Constant(Scalar((long)axis))], ("axis", 0)));

    public string Concat(int axis, params string[] inputs) => Add("Concat", inputs, ("axis", axis));

    public string Transpose(string x, params int[] order) => Add("Transpose", [x], ("perm", order));

    public string Reshape(string x, params int[] dimensions) => Add("Reshape", [x, Integers(dimensions)]);

    public string Unsqueezed(string x) => opset >= 13 ? Add("Unsqueeze", [x, Integers(0)]) : Add("Unsqueeze", [x], ("axes", new[] { 0 }));

    public string Mean(string x, bool keep, params int[] axes) => opset >= 18
        ? Add("ReduceMean", [x, Integers(axes)], ("keepdims", keep ? 1 : 0))
        : Add("ReduceMean", [x], ("axes", axes), ("keepdims", keep ? 1 : 0));

    /// <summary>A transposed convolution that doubles height and width.</summary>
    public string Doubled(string x, int from, int to) =>
        Add("ConvTranspose", [x, Weights(from, from, to, 2, 2), Initializer(Floats([to], -0.2, 0.2))], ("kernel_shape", new[] { 2, 2 }),
            ("strides", new[] { 2, 2 }));

    /// <summary>GELU as PyTorch writes it before operator set 20.</summary>
    public string Gelu(string x)
    {
        string error = Add("Add", [Add("Erf", [Add("Div", [x, Number(MathF.Sqrt(2))])]), Number(1)]);
        return Add("Mul", [Add("Mul", [x, error]), Number(0.5f)]);
    }

    /// <summary>Layer normalisation of the last dimension: an operator from set 17 on, before it spelled out.</summary>
    public string LayerNormalization(string x, int width)
    {
        string scale = Initializer(Floats([width], 0.7, 1.3));
        string shift = Initializer(Floats([width], -0.2, 0.2));
        if (opset >= 17)
            return Add("LayerNormalization", [x, scale, shift], ("axis", -1), ("epsilon", 1e-6f));
        string centred = Add("Sub", [x, Mean(x, true, -1)]);
        string variance = Mean(Add("Pow", [centred, Number(2)]), true, -1);
        string deviation = Add("Sqrt", [Add("Add", [variance, Number(1e-6f)])]);
        return Add("Add", [Add("Mul", [Add("Div", [centred, deviation]), scale]), shift]);
    }

    /// <summary>A part along one axis.</summary>
    public string Slice(string x, int axis, int start, int end) => Add("Slice", [x, Integers(start), Integers(end), Integers(axis)]);

    /// <summary>
    /// An enlargement to sizes, or by factors; before operator set 13 inputs that are not given are constants without elements.
    /// </summary>
    public string Resize(string x, string? sizes, int factor, params (string Name, object Value)[] attributes)
    {
        string none = opset < 13 ? Constant(OnnxTensor.Create(Array.Empty<float>(), 0)) : "";
        return Add("Resize", sizes is null ? [x, none, Initializer(OnnxTensor.Create([1f, 1, factor, factor], 4))] : [x, none, none, sizes],
            attributes);
    }

    public string Gemm(string x, int from, int to) => Add("Gemm", [x, Weights(from, to, from), Initializer(Floats([to]))], ("transB", 1));

    public string Dense(string x, int from, int to) =>
        Add("Add", [Add("MatMul", [x, Weights(from, from, to)]), Initializer(Floats([to], -0.2, 0.2))]);

    private string Conv(string x, int inChannels, int outChannels, (int Height, int Width) size, int stride, int groups, int dilation,
        bool bias, (int Height, int Width) border)
    {
        string weights = Weights(inChannels / groups * size.Height * size.Width, outChannels, inChannels / groups, size.Height, size.Width);
        return Add(
            "Conv",
            bias ? [x, weights, Initializer(Floats([outChannels], -0.2, 0.2))] : [x, weights],
            ("kernel_shape", new[] { size.Height, size.Width }),
            ("strides", new[] { stride, stride }),
            ("dilations", new[] { dilation, dilation }),
            ("group", groups),
            ("pads", new[] { border.Height, border.Width, border.Height, border.Width }));
    }
}
