using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Scale·x + Offset of every element, any shape.</summary>
internal record RescalingOperation(float Scale, float Offset) : Operation, IChannelAffine
{
    public override string Kind => "Rescaling";

    public override string NamePrefix => "rescaling";

    public static Operation Read(AttributeReader json) => new RescalingOperation(json.Single("scale"), json.Single("offset"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("scale", Scale);
        json.WriteNumber("offset", Offset);
    }

    public override void Validate(string who)
    {
        OptionCheck.Finite(who, "scale", Scale);
        OptionCheck.Finite(who, "offset", Offset);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override bool CanOverwrite(int input) => true;

    public void ScaleAndShift(ParameterValues parameters, Span<double> scale, Span<double> shift)
    {
        scale.Fill(Scale);
        shift.Fill(Offset);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(Scale, Offset);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(Scale);

    private sealed class Forward(float scale, float offset) : ForwardStep
    {
        private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

        public override void Run(in ForwardContext context) =>
            _operator.Affine(context.Scheduler, context.Input(0), context.Output, scale, offset);
    }

    private sealed class Backward(float scale) : BackwardStep
    {
        private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

        public override void Run(in BackwardContext context) =>
            _operator.Scale(context.Scheduler, context.OutputGradient, context.InputGradient(0), scale);
    }
}
