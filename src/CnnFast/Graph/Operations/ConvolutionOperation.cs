using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>What convolutions have in common: a filter that slides over images, a bias, an activation.</summary>
internal abstract record ConvolutionOperation(
    Window2D Window,
    Activation Activation,
    bool UseBias) : Operation, IConvolution
{
    public virtual ConvolutionDirection Direction => ConvolutionDirection.Forward;

    public override bool SupportsOutputPitch => true;

    public override void Validate(string who)
    {
        Window.Validate(who, Window2D.Kernel);
        OptionCheck.Defined(who, Activation);
    }

    public sealed override long CountMultiplyAdds(string name, IReadOnlyList<Shape> inputs) => Geometry(name, inputs[0]).MultiplyAdds;

    /// <summary>The same operation with another activation.</summary>
    public Operation WithActivation(Activation activation) => this with { Activation = activation };

    /// <summary>The sizes of the convolution for an input of the operation.</summary>
    /// <exception cref="ShapeException">The input is no batch of images, or does not fit.</exception>
    public abstract Conv2DGeometry Geometry(string name, Shape input);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Geometry(name, inputs[0]).Output;

    public sealed override ForwardStep CreateForward(NodeShapes shapes)
    {
        var pass = new ConvolutionPass(Geometry(shapes.Name, shapes.Input), Direction, shapes.OutputPitch);
        return new ConvolutionStep(
            Conv2DOperator.Create(pass, Activation, shapes.ConvAlgorithm, precision: shapes.WeightPrecision),
            UseBias ? pass.Channels : 0);
    }

    public sealed override ForwardStep CreateTrainingForward(NodeShapes shapes, GradientNeeds needs)
    {
        var pass = new ConvolutionPass(Geometry(shapes.Name, shapes.Input), Direction, shapes.OutputPitch);
        return CreateForward(shapes with { ConvAlgorithm = WinogradRule.ForTraining(pass, shapes.ConvAlgorithm) });
    }

    public sealed override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new ConvolutionBackwardStep(
        new ConvolutionPass(Geometry(shapes.Name, shapes.Input), Direction),
        Activation,
        UseBias,
        needs,
        shapes.ConvAlgorithm);

    /// <summary>Writes padding, activation and bias.</summary>
    protected void WriteRest(Utf8JsonWriter json)
    {
        Window.WritePadding(json);
        json.WriteString("activation", Activation.ToString());
        json.WriteBoolean("use_bias", UseBias);
    }

    /// <summary>The parameters: the filter and, where there is one, the bias.</summary>
    protected IReadOnlyList<ParameterInfo> WithBias(string name, ParameterInfo filter, int channels) =>
        UseBias ? [filter, ParameterInfo.Bias(name, channels)] : [filter];
}
