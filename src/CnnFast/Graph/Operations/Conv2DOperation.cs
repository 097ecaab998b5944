using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>Two-dimensional convolution with bias and activation: <c>[N, H, W, C]</c> to <c>[N, OH, OW, Filters]</c>.</summary>
internal sealed record Conv2DOperation(
    int Filters,
    int KernelH,
    int KernelW,
    int StrideH,
    int StrideW,
    int DilationH,
    int DilationW,
    int Groups,
    Padding Padding,
    Activation Activation,
    bool UseBias) : Operation
{
    public override string Kind => "Conv2D";

    public override string NamePrefix => "conv2d";

    public static Operation Read(AttributeReader json)
    {
        (int kernelH, int kernelW) = json.Pair("kernel_size");
        (int strideH, int strideW) = json.Pair("strides");
        (int dilationH, int dilationW) = json.Pair("dilations");
        return new Conv2DOperation(json.Int32("filters"), kernelH, kernelW, strideH, strideW, dilationH, dilationW, json.Int32("groups"), json.Padding("padding"), json.Activation("activation"), json.Boolean("use_bias"));
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("filters", Filters);
        json.WritePair("kernel_size", KernelH, KernelW);
        json.WritePair("strides", StrideH, StrideW);
        json.WritePair("dilations", DilationH, DilationW);
        json.WriteNumber("groups", Groups);
        json.WritePadding("padding", Padding);
        json.WriteString("activation", Activation.ToString());
        json.WriteBoolean("use_bias", UseBias);
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "filters", Filters, 1);
        OptionCheck.AtLeast(who, "kernel height", KernelH, 1);
        OptionCheck.AtLeast(who, "kernel width", KernelW, 1);
        OptionCheck.AtLeast(who, "stride height", StrideH, 1);
        OptionCheck.AtLeast(who, "stride width", StrideW, 1);
        OptionCheck.AtLeast(who, "dilation height", DilationH, 1);
        OptionCheck.AtLeast(who, "dilation width", DilationW, 1);
        OptionCheck.AtLeast(who, "groups", Groups, 1);
        OptionCheck.Defined(who, Activation);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Geometry(name, inputs[0]).Output;

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs)
    {
        ParameterInfo filter = ParameterInfo.Filter(name, Geometry(name, inputs[0]).Filter.ToShape());
        return UseBias ? [filter, ParameterInfo.Bias(name, Filters)] : [filter];
    }

    public override long CountMultiplyAdds(string name, IReadOnlyList<Shape> inputs) => Geometry(name, inputs[0]).MultiplyAdds;

    public override ForwardStep CreateForward(NodeShapes shapes) => new Conv2DForwardStep(Geometry(shapes.Name, shapes.Input), Activation, UseBias, shapes.ConvAlgorithm);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Conv2DBackwardStep(Geometry(shapes.Name, shapes.Input), Activation, UseBias, needs, shapes.ConvAlgorithm);

    private Conv2DGeometry Geometry(string name, Shape input)
    {
        string who = Who(name);
        ShapeText.RequireImages(who, input);
        if (input[3] % Groups != 0 || Filters % Groups != 0)
            throw new ShapeException($"{who}: groups {Groups} must divide the {input[3]} input channels and the {Filters} filters; the input has shape {ShapeText.OfBatch(input)}.");
        return Conv2DGeometry.Create(input, new FilterShape(KernelH, KernelW, input[3] / Groups, Filters), Padding, StrideH, StrideW, DilationH, DilationW, Groups, name);
    }
}
