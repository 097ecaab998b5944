using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// A transposed convolution: the data gradient of the convolution that leads from its output <c>[N, OH, OW, Filters]</c> to its input
/// <c>[N, H, W, C]</c>. The filter is that of the convolution, <c>[KH, KW, Filters/Groups, C]</c>.
/// </summary>
internal sealed record Conv2DTransposeOperation(
    int Filters,
    int KernelH,
    int KernelW,
    int StrideH,
    int StrideW,
    int DilationH,
    int DilationW,
    int Groups,
    Padding Padding,
    int OutputPaddingH,
    int OutputPaddingW,
    Activation Activation,
    bool UseBias) : ConvolutionOperation(KernelH, KernelW, StrideH, StrideW, DilationH, DilationW, Padding, Activation, UseBias)
{
    public override string Kind => "Conv2DTranspose";

    public override string NamePrefix => "conv2d_transpose";

    public override ConvolutionDirection Direction => ConvolutionDirection.BackwardData;

    public override bool SupportsOutputPitch => false;

    public static Operation Read(AttributeReader json)
    {
        (int kernelH, int kernelW) = json.Pair("kernel_size");
        (int strideH, int strideW) = json.Pair("strides");
        (int dilationH, int dilationW) = json.Pair("dilations");
        (int outputPaddingH, int outputPaddingW) = json.Pair("output_padding");
        return new Conv2DTransposeOperation(json.Int32("filters"), kernelH, kernelW, strideH, strideW, dilationH, dilationW,
            json.Int32("groups"), json.Padding("padding"), outputPaddingH, outputPaddingW, json.Activation("activation"),
            json.Boolean("use_bias"));
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("filters", Filters);
        WriteWindow(json);
        json.WriteNumber("groups", Groups);
        json.WritePair("output_padding", OutputPaddingH, OutputPaddingW);
        WriteRest(json);
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "filters", Filters, 1);
        base.Validate(who);
        OptionCheck.AtLeast(who, "groups", Groups, 1);
        RequireOutputPadding(who, "height", OutputPaddingH, StrideH);
        RequireOutputPadding(who, "width", OutputPaddingW, StrideW);
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
        int height = Output(who, "height", input[1], KernelH, StrideH, DilationH, Padding.Top, Padding.Bottom, OutputPaddingH);
        int width = Output(who, "width", input[2], KernelW, StrideW, DilationW, Padding.Left, Padding.Right, OutputPaddingW);
        return Conv2DGeometry.CreateFor(who, ShapeText.Images(who, input, height, width, Filters),
            new FilterShape(KernelH, KernelW, Filters / Groups, input[3]), Padding, StrideH, StrideW, DilationH, DilationW, Groups);
    }

    private void RequireOutputPadding(string who, string axis, int outputPadding, int stride)
    {
        if (Padding.Mode == PaddingMode.Same && outputPadding != 0)
            throw new ArgumentOutOfRangeException(nameof(outputPadding), $"{who}: outputPadding {axis} is {outputPadding}; " +
                "expected 0 with padding Same, whose output is the input times the stride.");
        if (outputPadding < 0 || outputPadding >= stride)
            throw new ArgumentOutOfRangeException(nameof(outputPadding),
                $"{who}: outputPadding {axis} is {outputPadding}; expected at least 0 and below the stride {stride}.");
    }

    // The convolution has as many outputs as this has inputs: with an output padding below the stride, what is left over is no window.
    private int Output(string who, string axis, int input, int window, int stride, int dilation, int before, int after, int outputPadding)
    {
        long output = Padding.Mode == PaddingMode.Same
            ? (long)input * stride
            : ((long)(input - 1) * stride) + ((long)(window - 1) * dilation) + 1 - before - after + outputPadding;
        return output is >= 1 and <= WindowAxis.MaxPadded
            ? (int)output
            : throw new ShapeException($"{who}: the output {axis} would be {output}; expected 1 to {WindowAxis.MaxPadded} (input " +
                $"{input}, filter {window}, stride {stride}, dilation {dilation}, padding {Padding}, output padding {outputPadding}).");
    }
}
