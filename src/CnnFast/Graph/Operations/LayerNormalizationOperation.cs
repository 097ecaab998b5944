using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Mean and variance over the last dimensions of a sample; gamma and beta have their shape.</summary>
/// <param name="Axis">The first of them: below 0 from the end, above 0 with the batch as dimension 0.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="UseScale">Whether there is a gamma.</param>
/// <param name="UseOffset">Whether there is a beta.</param>
internal sealed record LayerNormalizationOperation(int Axis, float Epsilon, bool UseScale, bool UseOffset)
    : SampleNormalizationOperation(Epsilon, UseScale, UseOffset)
{
    public override string Kind => "LayerNormalization";

    public override string NamePrefix => "layer_normalization";

    public static Operation Read(AttributeReader json) => new LayerNormalizationOperation(json.Int32("axis"), json.Single("epsilon"),
        json.Boolean("use_scale"), json.Boolean("use_offset"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("axis", Axis);
        base.WriteAttributes(json);
    }

    public override void Validate(string who)
    {
        if (Axis == 0)
            throw new ArgumentException($"{who}: axis is 0, the batch; expected a dimension of a sample.");
        base.Validate(who);
    }

    public override Shape NumbersOf(string name, Shape input)
    {
        int axis = Axis < 0 ? input.Rank + Axis : Axis;
        return axis >= 1 && axis < input.Rank
            ? new Shape(input.Dimensions[axis..])
            : throw new ShapeException($"{Who(name)}: axis is {Axis} and the input has shape {ShapeText.OfBatch(input)}; expected 1 to " +
                $"{input.Rank - 1}, or -{input.Rank - 1} to -1 from the end.");
    }

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new Forward(this, NumbersOf(shapes.Name, shapes.Input).ElementCount);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new Backward(this, shapes.Input.ElementCount, NumbersOf(shapes.Name, shapes.Input).ElementCount, needs);

    // Constants: gamma (1 where there is none), then beta.
    private sealed class Forward(LayerNormalizationOperation operation, int length) : ForwardStep
    {
        private readonly RowNormalizationOperator _operator = RowNormalizationOperator.Create(1, length, operation.Epsilon, 0);

        public override int ConstantLength => 2 * length;

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
        {
            if (operation.UseScale)
                parameters[0].CopyTo(constants);
            else
                constants[..length].Fill(1);
            if (operation.UseOffset)
                parameters[operation.BetaIndex].CopyTo(constants[length..]);
        }

        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<float> x = context.Input(0);
            bool scales = operation.UseScale || operation.UseOffset;
            _operator.Run(context.Scheduler, x.Length / length, x, scales ? context.Constants[..length] : default,
                operation.UseOffset ? context.Constants[length..] : default, context.Output);
        }
    }

    // Constants: gamma.
    private sealed class Backward(LayerNormalizationOperation operation, int elements, int length, GradientNeeds needs) : BackwardStep
    {
        private readonly RowNormalizationBackward _operator =
            RowNormalizationBackward.Create(elements / length, 1, length, operation.Epsilon);

        private readonly bool _wanted = needs.HasFlag(GradientNeeds.Parameters);

        public override int ConstantLength => operation.UseScale ? length : 0;

        public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes;

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
        {
            if (operation.UseScale)
                parameters[0].CopyTo(constants);
        }

        public override void Run(in BackwardContext context)
        {
            ReadOnlySpan<float> x = context.Input(0);
            _operator.Run(
                context.Scheduler,
                x.Length / length,
                x,
                context.OutputGradient,
                context.Constants,
                _wanted && operation.UseScale ? context.ParameterGradient(0) : default,
                _wanted && operation.UseOffset ? context.ParameterGradient(operation.BetaIndex) : default,
                context.InputGradient(0),
                context.Workspace);
        }
    }
}
