using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>An operation whose parameters are computed by other nodes: its inputs after the first. They are packed in every run.</summary>
/// <param name="Inner">The operation.</param>
internal sealed record RuntimeWeightsOperation(Operation Inner) : TensorOperation
{
    public override string Kind => Inner.Kind;

    public override string FileKind => "Tensor.RuntimeWeights";

    public override int MinInputs => 2;

    public override int MaxInputs => int.MaxValue;

    public static Operation Read(AttributeReader json)
    {
        string kind = json.Text("kind");
        Operation? inner = OperationRegistry.Create(kind, json.Object("attributes"));
        return inner is TensorOperation and not ChannelAffineOperation or null
            ? throw new ModelFormatException($"{json.Who}: the kind {Excerpt.Of(kind)} is no layer with parameters")
            : new RuntimeWeightsOperation(inner);
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteString("kind", Inner.FileKind);
        json.WriteStartObject("attributes");
        Inner.WriteAttributes(json);
        json.WriteEndObject();
    }

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) =>
        !isWhole[0] && isWhole.Skip(1).All(whole => whole);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape shape = Inner.InferShape(name, [inputs[0]]);
        IReadOnlyList<ParameterInfo> infos = Inner.DescribeParameters(name, [inputs[0]]);
        if (infos.Count != inputs.Count - 1)
            throw new ShapeException($"{Who(name)}: {inputs.Count} inputs were given; expected {infos.Count + 1}.");
        for (int i = 0; i < infos.Count; i++)
        {
            if (infos[i].Shape != inputs[i + 1])
                throw new ShapeException($"{Who(name)}: input {i + 1} has shape {inputs[i + 1]}; expected {infos[i].Shape}.");
        }

        return shape;
    }

    public override long CountMultiplyAdds(string name, IReadOnlyList<Shape> inputs) => Inner.CountMultiplyAdds(name, [inputs[0]]);

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new Forward(Inner.CreateForward(ShapesOfInner(shapes)), Inner.DescribeParameters(shapes.Name, [shapes.Input]));

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new RuntimeWeightsBackwardStep(Inner, ShapesOfInner(shapes), Inner.DescribeParameters(shapes.Name, [shapes.Input]));

    private static NodeShapes ShapesOfInner(NodeShapes shapes) =>
        new(shapes.Name, [shapes.Input], shapes.Output, shapes.ConvAlgorithm) { Types = [shapes.Types[0]] };

    private sealed class Forward(ForwardStep inner, IReadOnlyList<ParameterInfo> infos) : ForwardStep
    {
        private readonly ComputedParameters _parameters = new(infos);

        public override string? KernelName => inner.KernelName;

        private int ConstantBytes => checked((int)(ArenaAlignment.RoundUp(inner.ConstantLength) * sizeof(float)));

        public override int WorkspaceBytes(int threads) => checked(ConstantBytes + inner.WorkspaceBytes(threads));

        public override void Run(in ForwardContext context)
        {
            ComputedParameters.Values values = _parameters.Take();
            try
            {
                for (int i = 0; i < infos.Count; i++)
                    values[i].Assign(context.Input(i + 1)[..infos[i].Shape.ElementCount]);
                Span<float> constants = MemoryMarshal.Cast<byte, float>(context.Workspace[..ConstantBytes])[..inner.ConstantLength];
                inner.PackConstants(values.Parameters, constants, new ConstantPacking(context.Scheduler, KeepsDenormals: true));
                inner.Run(context.With(constants, context.Workspace[ConstantBytes..]));
            }
            finally
            {
                _parameters.Return(values);
            }
        }
    }
}
