using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// A transposed convolution: the data gradient of the convolution that leads from its output <c>[N, OH, OW, Filters]</c> to its input
/// <c>[N, H, W, C]</c>. The filter is that of the convolution, <c>[KH, KW, Filters/Groups, C]</c>.
/// </summary>
internal sealed record Conv2DTransposeOperation(
    int Filters,
    Window2D Window,
    int Groups,
    int OutputPaddingH,
    int OutputPaddingW,
    Activation Activation,
    bool UseBias) : ConvolutionOperation(Window, Activation, UseBias)
{
    public override string Kind => "Conv2DTranspose";

    public override string NamePrefix => "conv2d_transpose";

    public override ConvolutionDirection Direction => ConvolutionDirection.BackwardData;

    public override bool SupportsOutputPitch => false;

    public static Operation Read(AttributeReader json)
    {
        (int outputPaddingH, int outputPaddingW) = json.Pair("output_padding");
        return new Conv2DTransposeOperation(json.Int32("filters"), Window2D.Read(json, Window2D.Kernel), json.Int32("groups"),
            outputPaddingH, outputPaddingW, json.Activation("activation"), json.Boolean("use_bias"));
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("filters", Filters);
        Window.WriteSizes(json, Window2D.Kernel);
        json.WriteNumber("groups", Groups);
        json.WritePair("output_padding", OutputPaddingH, OutputPaddingW);
        WriteRest(json);
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "filters", Filters, 1);
        base.Validate(who);
        OptionCheck.AtLeast(who, "groups", Groups, 1);
        RequireOutputPadding(who, "height", OutputPaddingH, Window.StrideH, Window.DilationH);
        RequireOutputPadding(who, "width", OutputPaddingW, Window.StrideW, Window.DilationW);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Geometry(name, inputs[0]).Input;

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs) =>
        WithBias(name, ParameterInfo.Filter(name, Geometry(name, inputs[0]).Filter.ToShape()), Filters);

    /// <summary>The convolution whose data gradient this is: from <c>[N, OH, OW, Filters]</c> to the input.</summary>
    /// <exception cref="ShapeException">The input is no batch of images, or does not fit.</exception>
    public override Conv2DGeometry Geometry(string name, Shape input)
    {
        string who = Who(name);
        ShapeText.RequireImages(who, input);
        if (input[3] % Groups != 0 || Filters % Groups != 0)
            throw new ShapeException($"{who}: groups {Groups} must divide the {input[3]} input channels and the {Filters} filters; " +
                $"the input has shape {ShapeText.OfBatch(input)}.");
        Window2D w = Window;
        int height = Output(who, "height", input[1], w.H, w.StrideH, w.DilationH, w.Padding.Top, w.Padding.Bottom, OutputPaddingH);
        int width = Output(who, "width", input[2], w.W, w.StrideW, w.DilationW, w.Padding.Left, w.Padding.Right, OutputPaddingW);
        Conv2DGeometry g = w.Convolve(who, ShapeText.Images(who, input, height, width, Filters), Filters / Groups, input[3], Groups);
        return g.OH == input[1] && g.OW == input[2] ? g : g.WithOutput(input[1], input[2]);
    }

    private void RequireOutputPadding(string who, string axis, int outputPadding, int stride, int dilation)
    {
        if (Window.Padding.Mode == PaddingMode.Same && outputPadding != 0)
            throw new ArgumentOutOfRangeException(nameof(outputPadding), $"{who}: outputPadding {axis} is {outputPadding}; " +
                "expected 0 with padding Same, whose output is the input times the stride.");
        if (outputPadding < 0 || outputPadding >= Math.Max(stride, dilation))
            throw new ArgumentOutOfRangeException(nameof(outputPadding), $"{who}: outputPadding {axis} is {outputPadding}; expected at " +
                $"least 0 and below the larger of stride {stride} and dilation {dilation}.");
    }

    private int Output(string who, string axis, int input, int window, int stride, int dilation, int before, int after, int outputPadding)
    {
        long output = Window.Padding.Mode == PaddingMode.Same
            ? (long)input * stride
            : ((long)(input - 1) * stride) + ((long)(window - 1) * dilation) + 1 - before - after + outputPadding;
        return output is >= 1 and <= WindowAxis.MaxPadded
            ? (int)output
            : throw new ShapeException($"{who}: the output {axis} would be {output}; expected 1 to {WindowAxis.MaxPadded} (input " +
                $"{input}, filter {window}, stride {stride}, dilation {dilation}, padding {Window.Padding}, " +
                $"output padding {outputPadding}).");
    }
}
