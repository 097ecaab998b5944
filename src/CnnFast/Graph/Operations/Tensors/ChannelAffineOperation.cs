using System.Numerics.Tensors;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>y = scale·x + shift with numbers of each channel, the last dimension.</summary>
internal sealed record ChannelAffineOperation : TensorOperation, IChannelAffine
{
    public override string Kind => "ChannelAffine";

    public override string FileKind => "Tensor.ChannelAffine";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override bool CanOverwrite(int input) => true;

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs)
    {
        int channels = inputs[0].Dimensions[^1];
        return [ParameterInfo.Channels($"{name}.scale", ParameterRole.Scale, channels),
            ParameterInfo.Channels($"{name}.shift", ParameterRole.Bias, channels)];
    }

    public void ScaleAndShift(ParameterValues parameters, Span<double> scale, Span<double> shift)
    {
        TensorPrimitives.ConvertChecked(parameters[0], scale);
        TensorPrimitives.ConvertChecked(parameters[1], shift);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(shapes.Input.Dimensions[^1]);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(shapes.Input, needs);

    private sealed class Forward(int channels) : ForwardStep
    {
        private readonly ScaleShiftOperator _operator = ScaleShiftOperator.Create(channels);

        public override int ConstantLength => 2 * Row;

        private int Row => (int)ArenaAlignment.RoundUp(_operator.PackedLength);

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
        {
            _operator.Pack(parameters[0], constants[.._operator.PackedLength]);
            _operator.Pack(parameters[1], constants.Slice(Row, _operator.PackedLength));
        }

        public override void Run(in ForwardContext context) =>
            _operator.Run(context.Scheduler, context.Output.Length / channels, context.Input(0),
                context.Constants[.._operator.PackedLength], context.Constants.Slice(Row, _operator.PackedLength), context.Output);
    }

    // That of batch normalisation by fixed statistics, a mean of 0 and a variance of 1. Constants: scale, mean, variance.
    private sealed class Backward(Shape input, GradientNeeds needs) : BackwardStep
    {
        private readonly int _channels = input.Dimensions[^1];
        private readonly BatchNormalizationBackward _operator = BatchNormalizationBackward.Create(input.ElementCount / input.Dimensions[^1],
            input.Dimensions[^1], epsilon: 0, batchStatistics: false);
        private readonly bool _isTrained = needs.HasFlag(GradientNeeds.Parameters);

        public override int ConstantLength => 3 * _channels;

        public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes;

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
        {
            parameters[0].CopyTo(constants);
            constants.Slice(_channels, _channels).Clear();
            constants.Slice(2 * _channels, _channels).Fill(1);
        }

        public override void Run(in BackwardContext context)
        {
            ReadOnlySpan<float> x = context.Input(0);
            _operator.Run(
                context.Scheduler,
                x.Length / _channels,
                x,
                context.OutputGradient,
                context.Constants[.._channels],
                context.Constants.Slice(_channels, _channels),
                context.Constants.Slice(2 * _channels, _channels),
                _isTrained ? context.ParameterGradient(0) : default,
                _isTrained ? context.ParameterGradient(1) : default,
                context.InputGradient(0),
                context.Workspace);
        }
    }
}
