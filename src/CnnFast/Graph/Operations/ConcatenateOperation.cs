using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Two or more values side by side along the last dimension (channels).</summary>
internal sealed record ConcatenateOperation : Operation
{
    public override string Kind => "Concatenate";

    public override string NamePrefix => "concatenate";

    public override int MinInputs => 2;

    public override int MaxInputs => int.MaxValue;

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public override void RequireInputs(string name, IReadOnlyList<ValueInfo> inputs)
    {
        Shape first = inputs[0].Shape;
        for (int i = 0; i < inputs.Count; i++)
        {
            Shape shape = inputs[i].Shape;
            if (shape.Rank == 0)
                throw new ShapeException($"{Who(name)}: {Describe(inputs, i)}; expected at least one dimension besides the batch.");
            if (shape.Rank != first.Rank)
                throw new ShapeException($"{Who(name)}: {Describe(inputs, 0)} and {Describe(inputs, i)}; expected as many dimensions.");
            int[] differing = [.. Enumerable.Range(0, shape.Rank - 1).Where(d => shape[d] != first[d])];
            if (differing.Length > 0)
                throw new ShapeException($"{Who(name)}: {Describe(inputs, 0)} and {Describe(inputs, i)}; expected the same " +
                    $"{string.Join(" and ", differing.Select(d => $"{DimensionName(shape, d)} ({first[d]} and {shape[d]} differ)"))}.");
        }
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        if (inputs[0].Rank < 2)
            throw new ShapeException($"{Who(name)}: input 1 has shape {inputs[0]}; expected at least one dimension besides the batch.");
        long channels = inputs.Sum(input => (long)input[input.Rank - 1]);
        int[] dimensions = inputs[0].Dimensions.ToArray();
        dimensions[^1] = channels <= int.MaxValue
            ? (int)channels
            : throw new ShapeException($"{Who(name)}: the inputs have {channels} channels together; expected at most {int.MaxValue}.");
        return new Shape(dimensions);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(ChannelsOf(shapes));

    private static string Describe(IReadOnlyList<ValueInfo> inputs, int index) =>
        $"input {index + 1} ({inputs[index].Name}) is {ShapeText.OfSample(inputs[index].Shape)}";

    private static string DimensionName(Shape sample, int dimension) => (sample.Rank, dimension) switch
    {
        (3, 0) => "height",
        (3, 1) => "width",
        _ => $"dimension {dimension + 1}",
    };

    private static int[] ChannelsOf(NodeShapes shapes) => [.. shapes.Inputs.Select(input => input[input.Rank - 1])];

    // Copies the inputs that do not lie in the output already.
    private sealed class Forward(NodeShapes shapes) : ForwardStep
    {
        private readonly int[] _channels = ChannelsOf(shapes);
        private readonly int _pixels = shapes.Output.ElementCount / shapes.Output[0] / shapes.Output.Dimensions[^1];
        private readonly int _pitch = shapes.OutputPitch == 0 ? shapes.Output.Dimensions[^1] : shapes.OutputPitch;

        public override void Run(in ForwardContext context)
        {
            Span<float> y = context.Output;
            int pixels = context.N * _pixels;
            int first = 0;
            for (int i = 0; i < _channels.Length; i++)
            {
                int channels = _channels[i];
                if (!shapes.WrittenInPlace[i])
                    CopyOperators.CopyChannels(context.Scheduler, pixels, channels, context.Input(i), PitchOf(i),
                        y.Slice(first, ((pixels - 1) * _pitch) + channels), _pitch);
                first += channels;
            }
        }

        private int PitchOf(int input) => shapes.InputPitches[input] == 0 ? _channels[input] : shapes.InputPitches[input];
    }

    private sealed class Backward(int[] channels) : BackwardStep
    {
        private readonly int _total = channels.Sum();

        public override void Run(in BackwardContext context)
        {
            ReadOnlySpan<float> dy = context.OutputGradient;
            int pixels = dy.Length / _total;
            int first = 0;
            for (int i = 0; i < channels.Length; i++)
            {
                Span<float> dx = context.InputGradient(i);
                if (!dx.IsEmpty)
                    CopyOperators.CopyChannels(context.Scheduler, pixels, channels[i],
                        dy.Slice(first, ((pixels - 1) * _total) + channels[i]), _total, dx, channels[i]);
                first += channels[i];
            }
        }
    }
}
