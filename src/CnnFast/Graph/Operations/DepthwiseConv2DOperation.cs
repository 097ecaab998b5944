using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>A convolution whose groups are the input channels: <c>[N, H, W, C]</c> to <c>[N, OH, OW, C·DepthMultiplier]</c>.</summary>
internal sealed record DepthwiseConv2DOperation(
    Window2D Window,
    int DepthMultiplier,
    Activation Activation,
    bool UseBias) : ConvolutionOperation(Window, Activation, UseBias)
{
    public override string Kind => "DepthwiseConv2D";

    public override string NamePrefix => "depthwise_conv2d";

    public static Operation Read(AttributeReader json) => new DepthwiseConv2DOperation(Window2D.Read(json, Window2D.Kernel),
        json.Int32("depth_multiplier"), json.Activation("activation"), json.Boolean("use_bias"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Window.WriteSizes(json, Window2D.Kernel);
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
        return Window.Convolve(who, input, 1, (int)channels, input[3]);
    }
}
