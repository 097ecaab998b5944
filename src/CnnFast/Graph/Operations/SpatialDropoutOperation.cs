using System.Runtime.InteropServices;
using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// In training, drops each channel, the last dimension, of each sample with probability Rate and scales the others by 1/(1 − Rate); in
/// inference a view.
/// </summary>
internal sealed record SpatialDropoutOperation(float Rate) : Operation
{
    public override string Kind => "SpatialDropout";

    public override string NamePrefix => "spatial_dropout";

    public static Operation Read(AttributeReader json) => new SpatialDropoutOperation(json.Single("rate"));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteNumber("rate", Rate);

    public override void Validate(string who) => OptionCheck.FromZeroBelow(who, "rate", Rate, 1);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override bool IsView(bool training) => !training || Rate == 0;

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(new Channels(Rate, shapes.Input));

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(new Channels(Rate, shapes.Input));

    // One factor a sample and channel, 0 or 1/(1 − rate), is the dropout of ones.
    private sealed class Channels(float rate, Shape input)
    {
        private readonly ElementwiseOperators _dropout = ElementwiseOperators.Create();
        private readonly ChannelMultiply _multiply =
            ChannelMultiply.Create(input[0], input.ElementCount / input[0] / input[input.Rank - 1], input[input.Rank - 1]);

        private readonly int _channels = input[input.Rank - 1];

        public int WorkspaceBytes => input[0] * _channels * sizeof(float);

        public void Run(IWorkScheduler scheduler, int n, RandomKey key, ReadOnlySpan<float> x, Span<float> y, Span<byte> workspace)
        {
            Span<float> factors = MemoryMarshal.Cast<byte, float>(workspace)[..(n * _channels)];
            factors.Fill(1);
            _dropout.Dropout(scheduler, factors, factors, rate, key.Seed, key.Counter);
            _multiply.Run(scheduler, n, x, factors, y);
        }
    }

    private sealed class Forward(Channels channels) : ForwardStep
    {
        public override int WorkspaceBytes(int threads) => channels.WorkspaceBytes;

        public override void Run(in ForwardContext context) =>
            channels.Run(context.Scheduler, context.N, context.Key, context.Input(0), context.Output, context.Workspace);
    }

    private sealed class Backward(Channels channels) : BackwardStep
    {
        public override int WorkspaceBytes(int threads) => channels.WorkspaceBytes;

        public override void Run(in BackwardContext context) =>
            channels.Run(context.Scheduler, context.N, context.Key, context.OutputGradient, context.InputGradient(0), context.Workspace);
    }
}
