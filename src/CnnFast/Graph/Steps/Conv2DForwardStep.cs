using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Convolution (and dense layer), or its transpose, with its bias and activation. Constants: packed filter, then bias.</summary>
/// <param name="convolution">What runs.</param>
/// <param name="biasLength">Output channels, or 0 where there is no bias.</param>
internal sealed class Conv2DForwardStep(IConvolutionOperator convolution, int biasLength) : ForwardStep
{
    public override int ConstantLength => BiasOffset + biasLength;

    public override string KernelName => convolution.KernelName;

    private int BiasOffset => (int)ArenaAlignment.RoundUp(convolution.PackedFilterLength);

    public override int WorkspaceBytes(int threads) => convolution.WorkspaceBytes(threads);

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
        int channels = convolution.Geometry.OC;
        int atOnce = parameters.ColumnsAtOnce(0, channels);
        for (int first = 0; first < channels; first += atOnce)
            convolution.PackColumns(parameters.Columns(0, channels, first, Math.Min(atOnce, channels - first)), constants[..convolution.PackedFilterLength]);
        if (biasLength > 0)
            parameters[1].CopyTo(constants[BiasOffset..]);
    }

    public override void Run(in ForwardContext context) => convolution.Run(
        context.Scheduler,
        context.N,
        context.Input(0),
        context.Constants[..convolution.PackedFilterLength],
        context.Constants.Slice(BiasOffset, biasLength),
        context.Output,
        context.Workspace);
}
