using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Compile;

/// <summary>
/// A convolution, or its transpose, with what was merged into it. Constants: the packed filter, then the bias. Stages are multiplied into filter and bias when the weights are prepared.
/// </summary>
internal sealed class FusedConvolutionStep : ForwardStep
{
    private readonly FusedConvolutionOperation _fused;
    private readonly IConvolutionOperator _operator;
    private readonly int _biasOffset;
    private readonly int _biasLength;

    public FusedConvolutionStep(FusedConvolutionOperation fused, int batch, ConvAlgorithm algorithm, int outputPitch)
    {
        _fused = fused;
        Conv2DGeometry g = fused.Geometry.WithBatch(batch);
        _operator = fused.IsTransposed ? Conv2DBackwardData.Create(g, fused.Epilogue, algorithm) : Conv2DOperator.Create(g, fused.Epilogue, algorithm, outputPitch: outputPitch);
        _biasOffset = (int)ArenaAlignment.RoundUp(_operator.PackedFilterLength);
        _biasLength = fused.UseBias || fused.Before.Count + fused.After.Count > 0 ? fused.OutputChannels : 0;
    }

    public override int ConstantLength => _biasOffset + _biasLength;

    public override string KernelName => _operator.KernelName;

    public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
        Span<float> packed = constants[.._operator.PackedFilterLength];
        Span<float> bias = constants.Slice(_biasOffset, _biasLength);
        MergedStages? stages = _fused.Before.Count + _fused.After.Count == 0 ? null : new MergedStages(_fused, parameters);
        int channels = _fused.Geometry.OC;
        int atOnce = parameters.ColumnsAtOnce(0, channels);
        for (int first = 0; first < channels; first += atOnce)
        {
            int count = Math.Min(atOnce, channels - first);
            _operator.PackColumns(stages is null ? parameters.Columns(0, channels, first, count) : stages.Merge(first, count), packed);
        }

        ReadOnlySpan<float> plain = _fused.UseBias ? parameters[1] : default;
        if (stages is null)
            plain.CopyTo(bias);
        else
            stages.MergeBias(plain, bias);
    }

    public override void Run(in ForwardContext context) => _operator.Run(
        context.Scheduler,
        context.N,
        context.Input(0),
        context.Constants[.._operator.PackedFilterLength],
        context.Constants.Slice(_biasOffset, _biasLength),
        context.Output,
        context.Workspace,
        _fused.HasResidual ? context.Input(1) : default);
}
