using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>Two-dimensional convolution with bias and activation: <c>[N, H, W, C]</c> to <c>[N, OH, OW, Filters]</c>.</summary>
internal sealed record Conv2DOperation(
    int Filters,
    Window2D Window,
    int Groups,
    Activation Activation,
    bool UseBias) : ConvolutionOperation(Window, Activation, UseBias)
{
    public override string Kind => "Conv2D";

    public override string NamePrefix => "conv2d";

    public static Operation Read(AttributeReader json) => new Conv2DOperation(json.Int32("filters"), Window2D.Read(json, Window2D.Kernel),
        json.Int32("groups"), json.Activation("activation"), json.Boolean("use_bias"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("filters", Filters);
        Window.WriteSizes(json, Window2D.Kernel);
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
        return Window.Convolve(who, input, input[3] / Groups, Filters, Groups);
    }
}
