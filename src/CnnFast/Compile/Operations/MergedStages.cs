using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Compile;

/// <summary>
/// Multiplies the stages of a convolution into its filter and bias, in double, some columns of the filter after the other:
/// with x' = s·x + t before and y' = u·y + v after, w' = u·w·s and b' = u·(b + Σ w·t) + v.
/// </summary>
internal sealed class MergedStages : IConvolutionWeights
{
    private readonly FusedConvolutionOperation _fused;
    private readonly ParameterValues _parameters;
    private readonly double[] _s;
    private readonly double[] _t;
    private readonly double[] _u;
    private readonly double[] _v;
    private readonly double[] _sums;
    private readonly double[] _weights;
    private readonly bool _hasShift;

    /// <summary>Composes the stages.</summary>
    /// <param name="fused">The convolution.</param>
    /// <param name="parameters">Its parameters.</param>
    public MergedStages(FusedConvolutionOperation fused, ParameterValues parameters)
    {
        _fused = fused;
        _parameters = parameters;
        (_s, _t) = AffineStage.Compose(fused.Before, parameters, fused.InputChannels);
        (_u, _v) = AffineStage.Compose(fused.After, parameters, fused.OutputChannels);
        _sums = new double[fused.OutputChannels];
        _weights = new double[fused.Geometry.GroupOC];
        _hasShift = _t.AsSpan().ContainsAnyExcept(0);
    }

    public FilterColumns Columns(int first, int count)
    {
        // The filter is [KH, KW, C/G, OC]: its rows are taps and input channels of a group of the convolution, its columns output channels;
        // in the transpose they change places.
        Conv2DGeometry g = _fused.Geometry;
        Span<float> filter = _parameters.CopyOfColumns(0, g.OC, first, count);
        for (int row = 0; row < filter.Length / count; row++)
        {
            int channel = row % g.GroupC;
            for (int from = first, end; from < first + count; from = end)
            {
                int group = from / g.GroupOC;
                end = Math.Min((group + 1) * g.GroupOC, first + count);
                Merge(filter.Slice((row * count) + from - first, end - from), from, (group * g.GroupC) + channel);
            }
        }

        return new FilterColumns(filter, count, first, count);
    }

    public void WriteBias(Span<float> bias)
    {
        ReadOnlySpan<float> plain = _fused.UseBias ? _parameters[1] : default;
        for (int k = 0; k < bias.Length; k++)
            bias[k] = (float)((_u[k] * ((plain.IsEmpty ? 0 : plain[k]) + _sums[k])) + _v[k]);
    }

    // Weights of output channels of the convolution from one on, and of one input channel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Merge(Span<float> merged, int first, int c)
    {
        if (_hasShift)
            AddShifts(merged, first, c);
        Span<double> weights = _weights.AsSpan(0, merged.Length);
        TensorPrimitives.ConvertTruncating<float, double>(merged, weights);
        if (_fused.IsTransposed)
        {
            TensorPrimitives.Multiply(weights, _u[c], weights);
            TensorPrimitives.Multiply(weights, _s.AsSpan(first, merged.Length), weights);
        }
        else
        {
            TensorPrimitives.Multiply(weights, _u.AsSpan(first, merged.Length), weights);
            TensorPrimitives.Multiply(weights, _s[c], weights);
        }

        TensorPrimitives.ConvertTruncating<double, float>(weights, merged);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddShifts(ReadOnlySpan<float> weights, int first, int c)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            (int input, int output) = _fused.IsTransposed ? (first + i, c) : (c, first + i);
            _sums[output] += weights[i] * _t[input];
        }
    }
}
