namespace CnnFast.Graphs;

/// <summary>The gradient of the logarithm of softmax over rows: dy − e^y · Σ dy.</summary>
/// <param name="classes">The length of a row.</param>
internal sealed class LogSoftmaxBackwardStep(int classes) : BackwardStep
{
    public override void Run(in BackwardContext context)
    {
        Span<float> dx = context.InputGradient(0);
        var cut = new RowCut(dx.Length / classes, classes);
        var spans = new WorkSpans { A = context.OutputGradient, B = context.Output, Result = dx };
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, 0, new Part(classes, cut));
    }

    private readonly struct Part(int classes, RowCut cut) : ISpanAction
    {
        private readonly RowCut _cut = cut;

        public void Invoke(int part, in WorkSpans spans)
        {
            for (int row = _cut.First(part); row < _cut.End(part); row++)
            {
                ReadOnlySpan<float> dy = spans.A.Slice(row * classes, classes);
                ReadOnlySpan<float> y = spans.B.Slice(row * classes, classes);
                Span<float> dx = spans.Result.Slice(row * classes, classes);
                double sum = DoubleSums.Of(dy);
                for (int i = 0; i < dx.Length; i++)
                    dx[i] = (float)(dy[i] - (Math.Exp(y[i]) * sum));
            }
        }
    }
}
