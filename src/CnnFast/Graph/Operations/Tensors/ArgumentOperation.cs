using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// Where the largest or smallest element along the last but one of four dimensions is: <c>[N, outer, count, inner]</c> to
/// <c>[N, outer, 1, inner]</c> of int64.
/// </summary>
/// <param name="OfMaximum">Whether it is the largest.</param>
/// <param name="TakesLast">Which one of several that are equal: the last, or the first.</param>
internal sealed record ArgumentOperation(bool OfMaximum, bool TakesLast) : TensorOperation
{
    public override string Kind => OfMaximum ? "ArgMax" : "ArgMin";

    public override string FileKind => "Tensor.Argument";

    public static Operation Read(AttributeReader json) => new ArgumentOperation(json.Boolean("of_maximum"), json.Boolean("takes_last"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteBoolean("of_maximum", OfMaximum);
        json.WriteBoolean("takes_last", TakesLast);
    }

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0] != ElementType.Bool
        ? ElementType.Int64
        : throw new NotSupportedException($"{Who(name)}: the input is of {inputs[0]}, on which it does not work.");

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        RequireRank(name, inputs[0], 4);
        return new Shape(inputs[0][0], inputs[0][1], 1, inputs[0][3]);
    }

    public override bool HasGradient => false;

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => throw NoGradient(shapes);

    public override ForwardStep CreateForward(NodeShapes shapes) => shapes.Types[0] switch
    {
        ElementType.Float32 => new Forward<float>(this, shapes.Input),
        ElementType.Int32 => new Forward<int>(this, shapes.Input),
        ElementType.Int64 => new Forward<long>(this, shapes.Input),
        _ => new Forward<byte>(this, shapes.Input),
    };

    private sealed class Forward<T>(ArgumentOperation operation, Shape input) : ForwardStep
        where T : unmanaged, INumber<T>
    {
        private readonly int _outer = input[1];
        private readonly int _count = input[2];
        private readonly int _inner = input[3];

        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<T> x = MemoryMarshal.Cast<float, T>(context.Input(0));
            Span<long> y = MemoryMarshal.Cast<float, long>(context.Output);
            for (int i = 0; i < context.N * _outer * _inner; i++)
            {
                ReadOnlySpan<T> values = x[((i / _inner * _count * _inner) + (i % _inner))..];
                int best = 0;
                for (int j = 1; j < _count; j++)
                {
                    T value = values[j * _inner];
                    T known = values[best * _inner];
                    if ((operation.OfMaximum ? value > known : value < known) || (operation.TakesLast && value == known))
                        best = j;
                }

                y[i] = best;
            }
        }
    }
}
