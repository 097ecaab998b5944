using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// The gradient of local response normalisation. With the sums s = Bias + Alpha / Size · Σ x² it is
/// dy·s^−Beta − 2·Alpha·Beta / Size · x · Σ dy·x·s^(−Beta − 1), the sum taken over the channels whose neighbours it is.
/// </summary>
/// <param name="operation">The normalisation.</param>
/// <param name="channels">Channels, the last dimension.</param>
internal sealed class LocalResponseBackwardStep(LocalResponseOperation operation, int channels) : BackwardStep
{
    private int ScratchBytes => checked(2 * channels * sizeof(double));

    public override int WorkspaceBytes(int threads) => checked(threads * ScratchBytes);

    public override void Run(in BackwardContext context)
    {
        Span<float> dx = context.InputGradient(0);
        var cut = new RowCut(dx.Length / channels, 8L * channels);
        var spans = new WorkSpans { A = context.OutputGradient, B = context.Input(0), Result = dx, Scratch = context.Workspace };
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, ScratchBytes, new Part(operation, channels, cut));
    }

    private readonly struct Part(LocalResponseOperation operation, int channels, RowCut cut) : ISpanAction
    {
        private readonly RowCut _cut = cut;
        private readonly int _before = Math.Min((operation.Size - 1) / 2, channels);
        private readonly int _after = Math.Min(operation.Size / 2, channels);

        public void Invoke(int part, in WorkSpans spans)
        {
            Span<double> powers = MemoryMarshal.Cast<byte, double>(spans.Scratch)[..channels];
            Span<double> terms = MemoryMarshal.Cast<byte, double>(spans.Scratch).Slice(channels, channels);
            for (int row = _cut.First(part); row < _cut.End(part); row++)
            {
                Pixel(spans.B.Slice(row * channels, channels), spans.A.Slice(row * channels, channels), powers, terms,
                    spans.Result.Slice(row * channels, channels));
            }
        }

        private void Pixel(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<double> powers, Span<double> terms, Span<float> dx)
        {
            double factor = (double)operation.Alpha / operation.Size;
            for (int c = 0; c < channels; c++)
            {
                double squares = 0;
                for (int i = Math.Max(0, c - _before); i <= Math.Min(channels - 1, c + _after); i++)
                    squares += (double)x[i] * x[i];
                double sum = operation.Bias + (factor * squares);
                powers[c] = Math.Pow(sum, -operation.Beta);
                terms[c] = dy[c] * (double)x[c] * powers[c] / sum;
            }

            for (int c = 0; c < channels; c++)
            {
                double sum = 0;
                for (int i = Math.Max(0, c - _after); i <= Math.Min(channels - 1, c + _before); i++)
                    sum += terms[i];
                dx[c] = (float)((dy[c] * powers[c]) - (2 * factor * operation.Beta * x[c] * sum));
            }
        }
    }
}
