using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// A convolution, its transpose or a dense layer: activation(sums + bias + residual). The residual is the second input.
/// Constants: the packed filter, then the bias.
/// </summary>
/// <param name="convolution">What runs.</param>
/// <param name="biasLength">Output channels, or 0 where there is no bias.</param>
/// <param name="hasResidual">Whether there is a residual.</param>
/// <param name="weights">Makes filter and bias from the parameters; null where they are the first two parameters.</param>
internal sealed class ConvolutionStep(
    Conv2DOperator convolution,
    int biasLength,
    bool hasResidual = false,
    Func<ParameterValues, IConvolutionWeights>? weights = null) : ForwardStep
{
    public override int ConstantLength => BiasOffset + biasLength;

    public override string KernelName => convolution.KernelName;

    private int BiasOffset => (int)ArenaAlignment.RoundUp(convolution.PackedFilterLength);

    public override int WorkspaceBytes(int threads) => convolution.WorkspaceBytes(threads);

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants) =>
        PackConstants(parameters, constants, new ConstantPacking(SerialScheduler.Instance, KeepsDenormals: true));

    public override void PackConstants(ParameterValues parameters, Span<float> constants, in ConstantPacking packing)
    {
        int channels = convolution.Geometry.OC;
        IConvolutionWeights? made = weights?.Invoke(parameters);
        int atOnce = parameters.ColumnsAtOnce(0, channels);
        for (int first = 0; first < channels; first += atOnce)
        {
            int count = Math.Min(atOnce, channels - first);
            FilterColumns columns = made is null ? parameters.Columns(0, channels, first, count) : made.Columns(first, count);
            convolution.PackColumns(packing.Scheduler, columns, constants[..convolution.PackedFilterLength], packing.KeepsDenormals);
        }

        Span<float> bias = constants.Slice(BiasOffset, biasLength);
        if (made is not null)
            made.WriteBias(bias);
        else if (biasLength > 0)
            parameters[1].CopyTo(bias);
        if (!packing.KeepsDenormals)
            Denormals.Flush(bias);
    }

    public override void Run(in ForwardContext context) => convolution.Run(
        context.Scheduler,
        context.N,
        context.Input(0),
        context.Constants[..convolution.PackedFilterLength],
        context.Constants.Slice(BiasOffset, biasLength),
        context.Output,
        context.Workspace,
        hasResidual ? context.Input(1) : default);
}
