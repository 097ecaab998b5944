using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Normalisation of groups of channels over all places of a sample, of any shape <c>[N, …, C]</c>.</summary>
internal abstract record ChannelGroupNormalizationOperation(float Epsilon, bool UseScale, bool UseOffset)
    : SampleNormalizationOperation(Epsilon, UseScale, UseOffset)
{
    /// <summary>Groups of so many channels.</summary>
    public abstract int GroupsOf(int channels);

    /// <summary>Samples, pixels, groups and channels of a group.</summary>
    public Shape GroupShape(Shape input)
    {
        int channels = input[input.Rank - 1], groups = GroupsOf(channels);
        return new Shape(input[0], input.ElementCount / input[0] / channels, groups, channels / groups);
    }

    public sealed override ForwardStep CreateForward(NodeShapes shapes) => new Forward(this, GroupShape(shapes.Input));

    public sealed override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new Backward(this, GroupShape(shapes.Input), needs);

    // Constants: gamma, then beta, each as the layer has it.
    private sealed class Forward(ChannelGroupNormalizationOperation operation, Shape input) : ForwardStep
    {
        private readonly GroupNormalizationOperator _operator =
            GroupNormalizationOperator.Create(input[0], input[1], input[2], input[3], operation.Epsilon);

        private readonly int _channels = input[2] * input[3];

        public override int ConstantLength => 2 * _channels;

        public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
        {
            if (operation.UseScale)
                parameters[0].CopyTo(constants);
            if (operation.UseOffset)
                parameters[operation.BetaIndex].CopyTo(constants[_channels..]);
        }

        public override void Run(in ForwardContext context) => _operator.Run(
            context.Scheduler,
            context.N,
            context.Input(0),
            operation.UseScale ? context.Constants[.._channels] : default,
            operation.UseOffset ? context.Constants[_channels..] : default,
            context.Output,
            context.Workspace);
    }

    // Constants: gamma.
    private sealed class Backward(ChannelGroupNormalizationOperation operation, Shape input, GradientNeeds needs) : BackwardStep
    {
        private readonly GroupNormalizationBackward _operator =
            GroupNormalizationBackward.Create(input[0], input[1], input[2], input[3], operation.Epsilon);

        private readonly bool _wanted = needs.HasFlag(GradientNeeds.Parameters);

        public override int ConstantLength => operation.UseScale ? input[2] * input[3] : 0;

        public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

        public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
        {
            if (operation.UseScale)
                parameters[0].CopyTo(constants);
        }

        public override void Run(in BackwardContext context) => _operator.Run(
            context.Scheduler,
            context.N,
            context.Input(0),
            context.OutputGradient,
            context.Constants,
            _wanted && operation.UseScale ? context.ParameterGradient(0) : default,
            _wanted && operation.UseOffset ? context.ParameterGradient(operation.BetaIndex) : default,
            context.InputGradient(0),
            context.Workspace);
    }
}
