using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Convolution (and dense layer) with its bias and activation. Constants: packed filter, then bias.</summary>
internal sealed class Conv2DForwardStep(Conv2DGeometry geometry, Activation activation, bool useBias, ConvAlgorithm algorithm, int outputPitch) : ForwardStep
{
    private readonly Conv2DOperator _operator = Conv2DOperator.Create(geometry, activation, algorithm, outputPitch: outputPitch);

    public override string KernelName => _operator.KernelName;

    public override int ConstantLength => BiasOffset + BiasLength;

    private int BiasOffset => (int)ArenaAlignment.RoundUp(_operator.PackedFilterLength);

    private int BiasLength => useBias ? geometry.OC : 0;

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

    public override void PrepareConstants(IReadOnlyList<Parameter> parameters, Span<float> constants)
    {
        _operator.PackFilter(parameters[0].Values, constants[.._operator.PackedFilterLength]);
        if (useBias)
            parameters[1].Values.CopyTo(constants[BiasOffset..]);
    }

    public override void Run(in ForwardContext context) => _operator.Run(
        context.Scheduler,
        context.N,
        context.Input(0),
        context.Constants[.._operator.PackedFilterLength],
        context.Constants.Slice(BiasOffset, BiasLength),
        context.Output,
        context.Workspace);
}
