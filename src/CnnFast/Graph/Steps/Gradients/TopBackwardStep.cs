using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>The gradient of the largest or smallest elements of rows: theirs, 0 of all others.</summary>
/// <param name="operation">What was picked.</param>
/// <param name="length">The length of a row.</param>
internal sealed class TopBackwardStep(TopOperation operation, int length) : BackwardStep
{
    public override int WorkspaceBytes(int threads) => checked(threads * length * sizeof(int));

    public override void Run(in BackwardContext context)
    {
        Span<float> dx = context.InputGradient(0);
        var cut = new RowCut(dx.Length / length, length);
        var spans = new WorkSpans { A = context.OutputGradient, B = context.Input(0), Result = dx, Scratch = context.Workspace };
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, length * sizeof(int), new Part(operation, length, cut));
    }

    private readonly struct Part(TopOperation operation, int length, RowCut cut) : ISpanAction
    {
        private readonly RowCut _cut = cut;

        public void Invoke(int part, in WorkSpans spans)
        {
            Span<int> order = MemoryMarshal.Cast<byte, int>(spans.Scratch);
            for (int row = _cut.First(part); row < _cut.End(part); row++)
            {
                TopSelection.Select(spans.B.Slice(row * length, length), order, operation.Count, operation.Largest);
                Span<float> dx = spans.Result.Slice(row * length, length);
                dx.Clear();
                for (int i = 0; i < operation.Count; i++)
                    dx[order[i]] = spans.A[(row * operation.Count) + i];
            }
        }
    }
}
