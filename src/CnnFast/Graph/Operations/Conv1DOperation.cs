using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>One-dimensional convolution with bias and activation: <c>[N, L, C]</c> to <c>[N, OL, Filters]</c>.</summary>
internal sealed record Conv1DOperation(
    int Filters,
    Window2D Window,
    int Groups,
    Activation Activation,
    bool UseBias) : ConvolutionOperation(Window, Activation, UseBias)
{
    public override string Kind => "Conv1D";

    public override string NamePrefix => "conv1d";

    public static Operation Read(AttributeReader json) => new Conv1DOperation(json.Int32("filters"), Window2D.Read(json, Window2D.Kernel),
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
        SequenceShape.Validate(who, Window);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => SequenceShape.Of(Geometry(name, inputs[0]).Output);

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs)
    {
        Conv2DGeometry g = Geometry(name, inputs[0]);
        return WithBias(name, ParameterInfo.Filter(name, new Shape(g.KW, g.GroupC, g.OC)), Filters);
    }

    public override Conv2DGeometry Geometry(string name, Shape input)
    {
        string who = Who(name);
        Shape images = SequenceShape.AsImages(who, input);
        if (images[3] % Groups != 0 || Filters % Groups != 0)
            throw new ShapeException($"{who}: groups {Groups} must divide the {images[3]} input channels and the {Filters} filters; " +
                $"the input has shape {ShapeText.OfBatch(input)}.");
        return Window.Convolve(who, images, images[3] / Groups, Filters, Groups);
    }
}
