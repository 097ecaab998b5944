using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

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

    public override ForwardStep CreateForward(NodeShapes shapes)
    {
        IReadOnlyList<ParameterInfo> infos = Inner.DescribeParameters(shapes.Name, [shapes.Input]);
        return new Forward(Inner.CreateForward(
            new NodeShapes(shapes.Name, [shapes.Input], shapes.Output, shapes.ConvAlgorithm) { Types = [shapes.Types[0]] }), infos);
    }

    private sealed class Forward(ForwardStep inner, IReadOnlyList<ParameterInfo> infos) : ForwardStep
    {
        private readonly ObjectPool<Computed> _parameters = new DefaultObjectPool<Computed>(new Policy(infos));

        public override string? KernelName => inner.KernelName;

        private int ConstantBytes => checked((int)(ArenaAlignment.RoundUp(inner.ConstantLength) * sizeof(float)));

        public override int WorkspaceBytes(int threads) => checked(ConstantBytes + inner.WorkspaceBytes(threads));

        public override void Run(in ForwardContext context)
        {
            Computed computed = _parameters.Get();
            try
            {
                for (int i = 0; i < computed.Parameters.Length; i++)
                    computed.Parameters[i].Assign(context.Input(i + 1)[..computed.Parameters[i].Shape.ElementCount]);
                Span<float> constants = MemoryMarshal.Cast<byte, float>(context.Workspace[..ConstantBytes])[..inner.ConstantLength];
                inner.PrepareConstants(computed.Values, constants);
                inner.Run(context.With(constants, context.Workspace[ConstantBytes..]));
            }
            finally
            {
                _parameters.Return(computed);
            }
        }
    }

    private sealed record Computed(Parameter[] Parameters, ParameterValues Values);

    private sealed class Policy(IReadOnlyList<ParameterInfo> infos) : PooledObjectPolicy<Computed>
    {
        public override Computed Create()
        {
            Parameter[] parameters = [.. infos.Select(info => new Parameter(info))];
            return new Computed(parameters, new ParameterValues(parameters));
        }

        public override bool Return(Computed obj) => true;
    }
}
