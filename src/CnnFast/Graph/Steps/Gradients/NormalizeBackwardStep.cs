using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// The gradients of a normalisation of <c>[N, S, G, K]</c>, in double. With the deviation σ, the factor r that elements are multiplied by,
/// m elements of a group and g = dy·scale: dx = r·(g − Σ g / m) − (x − mean)·r² / σ · Σ g·(x − mean) / m. A sample is one part; scale and
/// bias sum over the samples in their order.
/// </summary>
internal sealed class NormalizeBackwardStep : BackwardStep
{
    private const int ChannelsOfPart = 64;

    private readonly NormalizeOperation _operation;
    private readonly int _samples;
    private readonly int _pixels;
    private readonly int _groups;
    private readonly int _perGroup;
    private readonly int _channels;

    /// <summary>Creates the step.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="input">The input, <c>[N, S, G, K]</c>.</param>
    public NormalizeBackwardStep(NormalizeOperation operation, Shape input)
    {
        _operation = operation;
        (_samples, _pixels, _groups, _perGroup) = (input[0], input[1], input[2], input[3]);
        _channels = _groups * _perGroup;
    }

    private double Count => (double)_pixels * _perGroup;

    // Mean and variance of every group of a sample.
    private int StatisticsBytes => checked(_samples * _groups * 2 * sizeof(double));

    // Two sums of every channel and of every group.
    private int ScratchBytes => checked(2 * (_channels + _groups) * sizeof(double));

    public override int WorkspaceBytes(int threads) => checked(StatisticsBytes + (threads * ScratchBytes));

    public override void Run(in BackwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        Span<float> statistics = MemoryMarshal.Cast<byte, float>(context.Workspace[..StatisticsBytes]);
        var spans = new WorkSpans { B = x, Result = statistics, Scratch = context.Workspace[StatisticsBytes..] };
        var cut = new RowCut(context.N, (long)_pixels * _channels);
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, ScratchBytes, new MomentsPart(this, cut));
        ReadOnlySpan<float> dy = context.OutputGradient;
        Span<float> dx = context.InputGradient(0);
        if (!dx.IsEmpty)
            RunInput(context, cut, new WorkSpans { A = dy, B = x, C = statistics, Result = dx, Scratch = spans.Scratch });
        for (int input = 1; input < context.InputCount; input++)
        {
            Span<float> gradient = context.InputGradient(input);
            if (!gradient.IsEmpty)
                SpanWork.Run(context.Scheduler, ((gradient.Length - 1) / ChannelsOfPart) + 1, cut.Cost,
                    new WorkSpans { A = dy, B = x, C = statistics, Result = gradient }, 0, new WeightPart(this, context.N, input == 1));
        }
    }

    // The scale, where there is one, is copied to every channel's place.
    private void RunInput(in BackwardContext context, RowCut cut, in WorkSpans spans)
    {
        ReadOnlySpan<float> scale = context.InputCount > 1 ? context.Input(1) : default;
        if (scale.IsEmpty)
        {
            SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, ScratchBytes, new InputPart(this, cut, []));
            return;
        }

        float[] scales = scale.ToArray();
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, ScratchBytes, new InputPart(this, cut, scales));
    }

    private ReadOnlySpan<double> StatisticsOf(ReadOnlySpan<float> all, int sample) =>
        MemoryMarshal.Cast<float, double>(all).Slice(sample * 2 * _groups, 2 * _groups);

    private double Deviation(double variance) => Math.Sqrt(variance + _operation.Epsilon);

    private double Factor(double variance) => 1 / (Deviation(variance) + _operation.Added);

    // How the factor changes with (x − mean), over the factor: r² / σ; 0 where all elements are the same and nothing is added.
    private double Curvature(double variance)
    {
        double deviation = Deviation(variance);
        return deviation == 0 ? 0 : Factor(variance) * Factor(variance) / deviation;
    }

    private readonly struct MomentsPart(NormalizeBackwardStep step, RowCut cut) : ISpanAction
    {
        private readonly RowCut _cut = cut;

        public void Invoke(int part, in WorkSpans spans)
        {
            Span<double> sums = MemoryMarshal.Cast<byte, double>(spans.Scratch)[..step._channels];
            int sample = step._pixels * step._channels;
            for (int i = _cut.First(part); i < _cut.End(part); i++)
            {
                Span<double> moments = MemoryMarshal.Cast<float, double>(spans.Result).Slice(i * 2 * step._groups, 2 * step._groups);
                Moments(spans.B.Slice(i * sample, sample), sums, moments[..step._groups], moments[step._groups..]);
            }
        }

        private void Moments(ReadOnlySpan<float> x, Span<double> sums, Span<double> means, Span<double> variances)
        {
            sums.Clear();
            for (int start = 0; start < x.Length; start += sums.Length)
                DoubleSums.Add(x.Slice(start, sums.Length), sums);
            for (int group = 0; group < means.Length; group++)
                means[group] = Total(sums, group) / step.Count;
            sums.Clear();
            for (int start = 0; start < x.Length; start += sums.Length)
            {
                for (int c = 0; c < sums.Length; c++)
                {
                    double distance = x[start + c] - means[c / step._perGroup];
                    sums[c] += distance * distance;
                }
            }

            for (int group = 0; group < means.Length; group++)
                variances[group] = Total(sums, group) / step.Count;
        }

        private double Total(Span<double> sums, int group)
        {
            double total = 0;
            foreach (double sum in sums.Slice(group * step._perGroup, step._perGroup))
                total += sum;
            return total;
        }
    }

    private readonly struct InputPart(NormalizeBackwardStep step, RowCut cut, float[] scales) : ISpanAction
    {
        private readonly RowCut _cut = cut;

        public void Invoke(int part, in WorkSpans spans)
        {
            int sample = step._pixels * step._channels;
            for (int i = _cut.First(part); i < _cut.End(part); i++)
            {
                ReadOnlySpan<float> x = spans.B.Slice(i * sample, sample);
                ReadOnlySpan<double> moments = step.StatisticsOf(spans.C, i);
                Span<float> dx = spans.Result.Slice(i * sample, sample);
                if (step._operation.Result == NormalizeResult.Elements)
                    Elements(x, spans.A.Slice(i * sample, sample), moments, MemoryMarshal.Cast<byte, double>(spans.Scratch), dx);
                else
                    Statistic(x, spans.A.Slice(i * step._groups, step._groups), moments, dx);
            }
        }

        private void Elements(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<double> moments, Span<double> scratch,
            Span<float> dx)
        {
            (int channels, int groups, int perGroup) = (step._channels, step._groups, step._perGroup);
            Span<double> sums = scratch[..channels];
            Span<double> products = scratch.Slice(channels, channels);
            sums.Clear();
            products.Clear();
            for (int start = 0; start < x.Length; start += channels)
            {
                for (int c = 0; c < channels; c++)
                {
                    double gradient = dy[start + c];
                    sums[c] += gradient;
                    products[c] += gradient * (x[start + c] - moments[c / perGroup]);
                }
            }

            Span<double> shifts = scratch.Slice(2 * channels, groups);
            Span<double> slopes = scratch.Slice((2 * channels) + groups, groups);
            for (int group = 0; group < groups; group++)
            {
                double variance = moments[groups + group];
                shifts[group] = step.Factor(variance) * Total(sums, group) / step.Count;
                slopes[group] = step.Curvature(variance) * Total(products, group) / step.Count;
            }

            for (int c = 0; c < channels; c++)
                sums[c] = step.Factor(moments[groups + (c / perGroup)]) * ScaleOf(c);
            for (int start = 0; start < x.Length; start += channels)
            {
                for (int c = 0; c < channels; c++)
                {
                    int group = c / perGroup;
                    dx[start + c] = (float)((sums[c] * dy[start + c]) - shifts[group]
                        - (slopes[group] * (x[start + c] - moments[group])));
                }
            }
        }

        // The mean, the variance or the factor of a group changes with all its elements.
        private void Statistic(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<double> moments, Span<float> dx)
        {
            for (int i = 0; i < x.Length; i++)
            {
                int group = i % step._channels / step._perGroup;
                double distance = x[i] - moments[group];
                dx[i] = (float)(dy[group] / step.Count * step._operation.Result switch
                {
                    NormalizeResult.Mean => 1,
                    NormalizeResult.Variance => 2 * distance,
                    _ => -step.Curvature(moments[step._groups + group]) * distance,
                });
            }
        }

        private double Total(Span<double> sums, int group)
        {
            double total = 0;
            for (int c = group * step._perGroup; c < (group + 1) * step._perGroup; c++)
                total += sums[c] * ScaleOf(c);
            return total;
        }

        private double ScaleOf(int channel) => scales.Length == 0 ? 1 : scales[channel % scales.Length];
    }

    private readonly struct WeightPart(NormalizeBackwardStep step, int n, bool isScale) : ISpanAction
    {
        public void Invoke(int part, in WorkSpans spans)
        {
            int end = Math.Min(spans.Result.Length, (part + 1) * ChannelsOfPart);
            for (int i = part * ChannelsOfPart; i < end; i++)
            {
                double sum = 0;
                for (int channel = i; channel < step._channels; channel += spans.Result.Length)
                    sum += OfChannel(channel, spans);
                spans.Result[i] = (float)sum;
            }
        }

        private double OfChannel(int channel, in WorkSpans spans)
        {
            double sum = 0;
            for (int sample = 0; sample < n; sample++)
            {
                ReadOnlySpan<double> moments = step.StatisticsOf(spans.C, sample);
                int group = channel / step._perGroup;
                double factor = isScale ? step.Factor(moments[step._groups + group]) : 0;
                for (int pixel = 0; pixel < step._pixels; pixel++)
                {
                    int at = (((sample * step._pixels) + pixel) * step._channels) + channel;
                    sum += isScale ? spans.A[at] * factor * (spans.B[at] - moments[group]) : spans.A[at];
                }
            }

            return sum;
        }
    }
}
