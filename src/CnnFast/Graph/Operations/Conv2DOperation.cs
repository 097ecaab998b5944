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
    bool UseBias) : ConvolutionOperation(KernelH, KernelW, StrideH, StrideW, DilationH, DilationW, Padding, Activation, UseBias)
{
    public override string Kind => "Conv2D";

    public override string NamePrefix => "conv2d";

    public static Operation Read(AttributeReader json)
    {
        (int kernelH, int kernelW) = json.Pair("kernel_size");
        (int strideH, int strideW) = json.Pair("strides");
        (int dilationH, int dilationW) = json.Pair("dilations");
        return new Conv2DOperation(json.Int32("filters"), kernelH, kernelW, strideH, strideW, dilationH, dilationW, json.Int32("groups"),
            json.Padding("padding"), json.Activation("activation"), json.Boolean("use_bias"));
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("filters", Filters);
        WriteWindow(json);
        json.WriteNumber("groups", Groups);
        WriteRest(json);
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "filters", Filters, 1);
        base.Validate(who);
        OptionCheck.AtLeast(who, "groups", Groups, 1);
    }

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs) =>
        WithBias(name, ParameterInfo.Filter(name, Geometry(name, inputs[0]).Filter.ToShape()), Filters);

    public override Conv2DGeometry Geometry(string name, Shape input)
    {
        string who = Who(name);
        ShapeText.RequireImages(who, input);
        if (input[3] % Groups != 0 || Filters % Groups != 0)
            throw new ShapeException($"{who}: groups {Groups} must divide the {input[3]} input channels and the {Filters} filters; " +
                $"the input has shape {ShapeText.OfBatch(input)}.");
        return Conv2DGeometry.CreateFor(who, input, new FilterShape(KernelH, KernelW, input[3] / Groups, Filters), Padding, StrideH,
            StrideW, DilationH, DilationW, Groups);
    }
}
