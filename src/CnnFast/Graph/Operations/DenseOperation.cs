using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// A fully connected layer with bias and activation: <c>[N, IC]</c> to <c>[N, Units]</c>, run as a convolution of one pixel.
/// </summary>
internal sealed record DenseOperation(int Units, Activation Activation, bool UseBias) : Operation, IConvolution
{
    public override string Kind => "Dense";

    public override string NamePrefix => "dense";

    public override bool SupportsOutputPitch => true;

    public static Operation Read(AttributeReader json) =>
        new DenseOperation(json.Int32("units"), json.Activation("activation"), json.Boolean("use_bias"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("units", Units);
        json.WriteString("activation", Activation.ToString());
        json.WriteBoolean("use_bias", UseBias);
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "units", Units, 1);
        OptionCheck.Defined(who, Activation);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = inputs[0];
        if (input.Rank != 2)
            throw new ShapeException($"{Who(name)}: input has shape {ShapeText.OfBatch(input)}; expected features (N, F): " +
                "insert Flatten or GlobalAveragePool2D before it.");
        return new Shape(input[0], Units);
    }

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs)
    {
        ParameterInfo filter = ParameterInfo.Filter(name, FilterOf(name, inputs[0]));
        return UseBias ? [filter, ParameterInfo.Bias(name, Units)] : [filter];
    }

    public override long CountMultiplyAdds(string name, IReadOnlyList<Shape> inputs) => Geometry(name, inputs[0]).MultiplyAdds;

    public override ForwardStep CreateForward(NodeShapes shapes)
    {
        var pass = ConvolutionPass.Forward(Geometry(shapes.Name, shapes.Input), shapes.OutputPitch);
        if (shapes.ReadsParameters && StreamedDense.Serves(pass.Geometry))
            return new StreamedDenseStep(StreamedDense.Create(pass, Activation), UseBias ? Units : 0);
        return new ConvolutionStep(
            Conv2DOperator.Create(pass, Activation, shapes.ConvAlgorithm, precision: shapes.WeightPrecision),
            UseBias ? Units : 0);
    }

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new ConvolutionBackwardStep(
        ConvolutionPass.Forward(Geometry(shapes.Name, shapes.Input)),
        Activation,
        UseBias,
        needs,
        shapes.ConvAlgorithm,
        shapes.ReadsParameters);

    public Operation WithActivation(Activation activation) => this with { Activation = activation };

    public Conv2DGeometry Geometry(string name, Shape input) =>
        Conv2DGeometry.Create(Shape.Nhwc(input[0], 1, 1, input[1]), new FilterShape(1, 1, input[1], Units));

    private Shape FilterOf(string name, Shape input)
    {
        try
        {
            return new Shape(input[1], Units);
        }
        catch (ShapeException e)
        {
            throw new ShapeException($"{Who(name)}: {input[1]} inputs and {Units} units make a filter of more than {int.MaxValue} " +
                $"elements; the input has shape {ShapeText.OfBatch(input)}.", e);
        }
    }
}
