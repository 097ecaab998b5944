using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>A convolution whose groups are the input channels: <c>[N, H, W, C]</c> to <c>[N, OH, OW, C·DepthMultiplier]</c>.</summary>
internal sealed record DepthwiseConv2DOperation(
    int KernelH,
    int KernelW,
    int StrideH,
    int StrideW,
    int DilationH,
    int DilationW,
    int DepthMultiplier,
    Padding Padding,
    Activation Activation,
    bool UseBias) : ConvolutionOperation(KernelH, KernelW, StrideH, StrideW, DilationH, DilationW, Padding, Activation, UseBias)
{
    public override string Kind => "DepthwiseConv2D";

    public override string NamePrefix => "depthwise_conv2d";

    public static Operation Read(AttributeReader json)
    {
        (int kernelH, int kernelW) = json.Pair("kernel_size");
        (int strideH, int strideW) = json.Pair("strides");
        (int dilationH, int dilationW) = json.Pair("dilations");
        return new DepthwiseConv2DOperation(kernelH, kernelW, strideH, strideW, dilationH, dilationW, json.Int32("depth_multiplier"),
            json.Padding("padding"), json.Activation("activation"), json.Boolean("use_bias"));
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        WriteWindow(json);
        json.WriteNumber("depth_multiplier", DepthMultiplier);
        WriteRest(json);
    }

    public override void Validate(string who)
    {
        base.Validate(who);
        OptionCheck.AtLeast(who, "depthMultiplier", DepthMultiplier, 1);
    }

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs)
    {
        Conv2DGeometry g = Geometry(name, inputs[0]);
        return WithBias(name, ParameterInfo.DepthwiseFilter(name, g.Filter.ToShape(), DepthMultiplier), g.OC);
    }

    public override Conv2DGeometry Geometry(string name, Shape input)
    {
        string who = Who(name);
        ShapeText.RequireImages(who, input);
        long channels = (long)input[3] * DepthMultiplier;
        if (channels > int.MaxValue)
            throw new ShapeException($"{who}: {input[3]} input channels and a depthMultiplier of {DepthMultiplier} make {channels} " +
                $"output channels; expected at most {int.MaxValue}.");
        return Conv2DGeometry.CreateFor(who, input, new FilterShape(KernelH, KernelW, 1, (int)channels), Padding, StrideH, StrideW,
            DilationH, DilationW, input[3]);
    }
}
