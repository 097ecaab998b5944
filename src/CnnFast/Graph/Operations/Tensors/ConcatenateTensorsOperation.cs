using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>Tensors of any type side by side along their last dimension.</summary>
internal sealed record ConcatenateTensorsOperation : TensorOperation
{
    public override string Kind => "Concatenate";

    public override int MaxInputs => int.MaxValue;

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs.All(type => type == inputs[0])
        ? inputs[0]
        : throw new NotSupportedException($"{Who(name)}: the inputs are of {string.Join(" and ", inputs)}; expected one type.");

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => inputs[0].Rank > 1 && BroadcastShape.KeepsBatch(inputs, isWhole);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        int[] dimensions = inputs[0].Dimensions.ToArray();
        dimensions[^1] = 0;
        foreach (Shape input in inputs)
        {
            if (input.Rank != dimensions.Length || !input.Dimensions[..^1].SequenceEqual(dimensions.AsSpan()[..^1]))
                throw new ShapeException($"{Who(name)}: the inputs have shapes {string.Join(" and ", inputs)}; expected shapes that differ in one dimension only.");
            dimensions[^1] = checked(dimensions[^1] + input[input.Rank - 1]);
        }

        return new Shape(dimensions);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(shapes);

    // A whole input has one row of samples, which every sample gets.
    private sealed class Forward(NodeShapes shapes) : ForwardStep
    {
        private readonly int _rows = shapes.Output.Rank > 1 ? shapes.Output.ElementCount / shapes.Output[0] / shapes.Output.Dimensions[^1] : 1;
        private readonly int[] _bytes = [.. shapes.Inputs.Select(input => input.Dimensions[^1] * ElementTypes.SizeOf(shapes.Types[0]))];
        private readonly bool[] _repeats = [.. shapes.Inputs.Select(input => input[0] != shapes.Output[0] && input.Rank > 1)];

        public override void Run(in ForwardContext context)
        {
            Span<byte> y = MemoryMarshal.AsBytes(context.Output);
            int width = _bytes.Sum();
            int samples = shapes.Output.Rank > 1 ? context.N : 1;
            int first = 0;
            for (int i = 0; i < _bytes.Length; i++)
            {
                int bytes = _bytes[i];
                ReadOnlySpan<byte> x = MemoryMarshal.AsBytes(context.Input(i));
                for (int row = 0; row < samples * _rows; row++)
                    x.Slice((_repeats[i] ? row % _rows : row) * bytes, bytes).CopyTo(y.Slice((row * width) + first, bytes));
                first += bytes;
            }
        }
    }
}
