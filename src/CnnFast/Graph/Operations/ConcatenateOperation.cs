using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Two or more values side by side along the last dimension (channels).</summary>
internal sealed record ConcatenateOperation : Operation
{
    public override string Kind => "Concatenate";

    public override string NamePrefix => "concatenate";

    public override int MinInputs => 2;

    public override int MaxInputs => int.MaxValue;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape first = inputs[0];
        long channels = 0;
        foreach (Shape input in inputs)
        {
            if (input.Rank < 2 || input.Rank != first.Rank || !input.Dimensions[..^1].SequenceEqual(first.Dimensions[..^1]))
                throw new ShapeException($"{Who(name)}: the inputs have shapes {string.Join(" and ", inputs.Select(ShapeText.OfBatch))}; expected shapes that differ in the last dimension only.");
            channels += input[input.Rank - 1];
        }

        int[] dimensions = first.Dimensions.ToArray();
        dimensions[^1] = channels <= int.MaxValue ? (int)channels : throw new ShapeException($"{Who(name)}: the inputs have {channels} channels together; expected at most {int.MaxValue}.");
        return new Shape(dimensions);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(ChannelsOf(shapes));

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(ChannelsOf(shapes));

    private static int[] ChannelsOf(NodeShapes shapes) => [.. shapes.Inputs.Select(input => input[input.Rank - 1])];

    private sealed class Forward(int[] channels) : ForwardStep
    {
        private readonly int _total = channels.Sum();

        public override void Run(in ForwardContext context)
        {
            Span<float> y = context.Output;
            int offset = 0;
            for (int i = 0; i < channels.Length; i++)
            {
                CopyOperators.CopyChannels(context.Scheduler, y.Length / _total, context.Input(i), channels[i], y, _total, offset);
                offset += channels[i];
            }
        }
    }

    private sealed class Backward(int[] channels) : BackwardStep
    {
        private readonly int _total = channels.Sum();

        public override void Run(in BackwardContext context)
        {
            ReadOnlySpan<float> dy = context.OutputGradient;
            int offset = 0;
            for (int i = 0; i < channels.Length; i++)
            {
                Span<float> dx = context.InputGradient(i);
                if (!dx.IsEmpty)
                    CopyOperators.ExtractChannels(context.Scheduler, dy.Length / _total, dy, _total, offset, dx, channels[i]);
                offset += channels[i];
            }
        }
    }
}
