using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Compile;

/// <summary>
/// A convolution, or its transpose, with what was merged into it. Constants: the packed filter, then the bias. Stages are multiplied into filter and bias in double when the weights are
/// prepared: with x' = s·x + t before and y' = u·y + v after, w' = u·w·s and b' = u·(b + Σ w·t) + v.
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

    public override void PrepareConstants(IReadOnlyList<Parameter> parameters, Span<float> constants)
    {
        Span<float> packed = constants[.._operator.PackedFilterLength];
        Span<float> bias = constants.Slice(_biasOffset, _biasLength);
        ReadOnlySpan<float> filter = parameters[0].Values;
        ReadOnlySpan<float> plain = _fused.UseBias ? parameters[1].Values : default;
        if (_fused.Before.Count + _fused.After.Count == 0)
        {
            _operator.PackFilter(filter, packed);
            plain.CopyTo(bias);
            return;
        }

        var merged = new float[filter.Length];
        MergeStages(parameters, filter, plain, merged, bias);
        _operator.PackFilter(merged, packed);
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

    // The filter is [KH, KW, C/G, OC]: its rows are taps and input channels of a group of the convolution, its columns output channels; in the transpose they change places.
    private void MergeStages(IReadOnlyList<Parameter> parameters, ReadOnlySpan<float> filter, ReadOnlySpan<float> plain, Span<float> merged, Span<float> bias)
    {
        Conv2DGeometry g = _fused.Geometry;
        (double[] s, double[] t) = AffineStage.Compose(_fused.Before, parameters, _fused.InputChannels);
        (double[] u, double[] v) = AffineStage.Compose(_fused.After, parameters, _fused.OutputChannels);
        var sums = new double[_fused.OutputChannels];
        for (int row = 0; row < filter.Length / g.OC; row++)
        {
            int channel = row % g.GroupC;
            for (int k = 0; k < g.OC; k++)
            {
                int c = (k / g.GroupOC * g.GroupC) + channel;
                (int input, int output) = _fused.IsTransposed ? (k, c) : (c, k);
                double w = filter[(row * g.OC) + k];
                sums[output] += w * t[input];
                merged[(row * g.OC) + k] = (float)(u[output] * w * s[input]);
            }
        }

        for (int k = 0; k < bias.Length; k++)
            bias[k] = (float)((u[k] * ((plain.IsEmpty ? 0 : plain[k]) + sums[k])) + v[k]);
    }
}
