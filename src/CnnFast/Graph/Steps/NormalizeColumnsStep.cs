using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// Normalises channels or groups of channels of pixels. Several pixels of few channels are one row. Sums are taken in
/// double over sums of a few rows.
/// </summary>
internal sealed class NormalizeColumnsStep : ForwardStep
{
    private const int RowsPerSum = 32;
    private const int MinRow = 256;

    private readonly NormalizeOperation _operation;
    private readonly int _pixels;
    private readonly int _groups;
    private readonly int _perGroup;
    private readonly int _channels;
    private readonly int _row;

    /// <summary>Creates the step.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="input">The input, <c>[N, S, G, K]</c>.</param>
    public NormalizeColumnsStep(NormalizeOperation operation, Shape input)
    {
        _operation = operation;
        _pixels = input[1];
        _groups = input[2];
        _perGroup = input[3];
        _channels = _groups * _perGroup;
        _row = _channels * Math.Max(1, MinRow / _channels);
    }

    public override int WorkspaceBytes(int threads) => checked((2 * _groups * sizeof(double)) + (4 * _row * sizeof(float)));

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        Span<float> y = context.Output;
        ReadOnlySpan<float> scale = context.InputCount > 1 ? context.Input(1) : default;
        ReadOnlySpan<float> bias = context.InputCount > 2 ? context.Input(2) : default;
        Span<double> moments = MemoryMarshal.Cast<byte, double>(context.Workspace)[..(2 * _groups)];
        Span<float> rows = MemoryMarshal.Cast<byte, float>(context.Workspace[(2 * _groups * sizeof(double))..])[..(4 * _row)];
        int sample = _pixels * _channels;
        for (int i = 0; i < context.N; i++)
        {
            ReadOnlySpan<float> values = x.Slice(i * sample, sample);
            Moments(values, moments[.._groups], moments[_groups..], rows);
            if (_operation.Result == NormalizeResult.Elements)
            {
                Normalize(values, moments, scale, bias, rows, y.Slice(i * sample, sample));
                continue;
            }

            for (int group = 0; group < _groups; group++)
                y[(i * _groups) + group] = (float)_operation.Select(moments[group], moments[_groups + group]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Moments(ReadOnlySpan<float> x, Span<double> means, Span<double> variances, Span<float> rows)
    {
        double count = (double)_pixels * _perGroup;
        Span<float> sums = rows[.._row];
        Span<float> centres = rows.Slice(_row, _row);
        Span<float> deviations = rows.Slice(2 * _row, _row);
        means.Clear();
        for (int start = 0; start < x.Length;)
        {
            sums.Clear();
            for (int row = 0; row < RowsPerSum && start < x.Length; row++, start += _row)
            {
                ReadOnlySpan<float> values = x.Slice(start, Math.Min(_row, x.Length - start));
                TensorPrimitives.Add(sums[..values.Length], values, sums);
            }

            AddTo(means, sums);
        }

        for (int group = 0; group < _groups; group++)
            means[group] /= count;
        for (int i = 0; i < _row; i++)
            centres[i] = (float)means[GroupOf(i)];
        variances.Clear();
        for (int start = 0; start < x.Length;)
        {
            sums.Clear();
            for (int row = 0; row < RowsPerSum && start < x.Length; row++, start += _row)
            {
                ReadOnlySpan<float> values = x.Slice(start, Math.Min(_row, x.Length - start));
                Span<float> part = deviations[..values.Length];
                TensorPrimitives.Subtract(values, centres[..values.Length], part);
                TensorPrimitives.MultiplyAdd(part, part, sums[..values.Length], sums);
            }

            AddTo(variances, sums);
        }

        for (int group = 0; group < _groups; group++)
        {
            double rounding = means[group] - (float)means[group];
            variances[group] = Math.Max(0, (variances[group] / count) - (rounding * rounding));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalize(ReadOnlySpan<float> x, ReadOnlySpan<double> moments, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias,
        Span<float> rows, Span<float> y)
    {
        Span<float> centres = rows.Slice(_row, _row);
        Span<float> factors = rows.Slice(2 * _row, _row);
        Span<float> shifts = rows.Slice(3 * _row, _row);
        for (int i = 0; i < _row; i++)
        {
            int group = GroupOf(i);
            double factor = _operation.Select(moments[group], moments[_groups + group]);
            factors[i] = (float)(scale.IsEmpty ? factor : scale[i % scale.Length] * factor);
            shifts[i] = bias.IsEmpty ? 0 : bias[i % bias.Length];
        }

        for (int start = 0; start < x.Length; start += _row)
        {
            int count = Math.Min(_row, x.Length - start);
            Span<float> part = y.Slice(start, count);
            TensorPrimitives.Subtract(x.Slice(start, count), centres[..count], part);
            TensorPrimitives.MultiplyAdd(part, factors[..count], shifts[..count], part);
        }
    }

    private int GroupOf(int place) => place % _channels / _perGroup;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTo(Span<double> totals, ReadOnlySpan<float> sums)
    {
        for (int first = 0; first < sums.Length; first += _channels)
        {
            for (int group = 0; group < _groups; group++)
            {
                foreach (float sum in sums.Slice(first + (group * _perGroup), _perGroup))
                    totals[group] += sum;
            }
        }
    }
}
