using System.Numerics.Tensors;
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

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
        Span<float> packed = constants[.._operator.PackedFilterLength];
        Span<float> bias = constants.Slice(_biasOffset, _biasLength);
        ReadOnlySpan<float> plain = _fused.UseBias ? parameters[1] : default;
        if (_fused.Before.Count + _fused.After.Count == 0)
        {
            _operator.PackFilter(parameters[0], packed);
            plain.CopyTo(bias);
            return;
        }

        Span<float> merged = parameters.Changeable(0);
        MergeStages(parameters, plain, merged, bias);
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
    private void MergeStages(ParameterValues parameters, ReadOnlySpan<float> plain, Span<float> filter, Span<float> bias)
    {
        Conv2DGeometry g = _fused.Geometry;
        (double[] s, double[] t) = AffineStage.Compose(_fused.Before, parameters, _fused.InputChannels);
        (double[] u, double[] v) = AffineStage.Compose(_fused.After, parameters, _fused.OutputChannels);
        var sums = new double[_fused.OutputChannels];
        bool hasShift = t.AsSpan().ContainsAnyExcept(0);
        var weights = new double[g.GroupOC];
        for (int row = 0; row < filter.Length / g.OC; row++)
        {
            int channel = row % g.GroupC;
            for (int first = 0, group = 0; first < g.OC; first += g.GroupOC, group++)
            {
                int c = (group * g.GroupC) + channel;
                Span<float> merged = filter.Slice((row * g.OC) + first, g.GroupOC);
                if (hasShift)
                    AddShifts(merged, t, first, c, sums);
                TensorPrimitives.ConvertTruncating<float, double>(merged, weights);
                if (_fused.IsTransposed)
                {
                    TensorPrimitives.Multiply(weights, u[c], weights);
                    TensorPrimitives.Multiply(weights, s.AsSpan(first, g.GroupOC), weights);
                }
                else
                {
                    TensorPrimitives.Multiply(weights, u.AsSpan(first, g.GroupOC), weights);
                    TensorPrimitives.Multiply(weights, s[c], weights);
                }

                TensorPrimitives.ConvertTruncating<double, float>(weights, merged);
            }
        }

        for (int k = 0; k < bias.Length; k++)
            bias[k] = (float)((u[k] * ((plain.IsEmpty ? 0 : plain[k]) + sums[k])) + v[k]);
    }

    private void AddShifts(ReadOnlySpan<float> weights, double[] shift, int first, int c, double[] sums)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            (int input, int output) = _fused.IsTransposed ? (first + i, c) : (c, first + i);
            sums[output] += weights[i] * shift[input];
        }
    }
}
