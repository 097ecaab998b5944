using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>In training, drops each element with probability Rate and scales the others by 1/(1 − Rate); in inference a view.</summary>
internal sealed record DropoutOperation(float Rate) : Operation
{
    public override string Kind => "Dropout";

    public override string NamePrefix => "dropout";

    public static Operation Read(AttributeReader json) => new DropoutOperation(json.Single("rate"));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteNumber("rate", Rate);

    public override void Validate(string who) => OptionCheck.FromZeroBelow(who, "rate", Rate, 1);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override bool IsView(bool training) => !training || Rate == 0;

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(Rate);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(Rate);

    private sealed class Forward(float rate) : ForwardStep
    {
        private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

        public override void Run(in ForwardContext context) =>
            _operator.Dropout(context.Scheduler, context.Input(0), context.Output, rate, context.Key.Seed, context.Key.Counter);
    }

    private sealed class Backward(float rate) : BackwardStep
    {
        private readonly ElementwiseOperators _operator = ElementwiseOperators.Create();

        public override void Run(in BackwardContext context) =>
            _operator.DropoutBackward(context.Scheduler, context.OutputGradient, context.InputGradient(0), rate, context.Key.Seed,
                context.Key.Counter);
    }
}
