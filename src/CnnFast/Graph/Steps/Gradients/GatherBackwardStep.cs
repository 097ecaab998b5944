using System.Numerics.Tensors;

namespace CnnFast.Graphs;

/// <summary>The gradient of elements that were picked by their index: 0 where none was, the sum where one was several times.</summary>
internal sealed class GatherBackwardStep(NodeShapes shapes) : BackwardStep
{
    private readonly int _outer = shapes.Input[1];
    private readonly int _count = shapes.Input[2];
    private readonly int _picked = shapes.Output[2];
    private readonly int _inner = shapes.Input[3];

    public override void Run(in BackwardContext context)
    {
        var cut = new RowCut(context.N * _outer, (long)Math.Max(_count, _picked) * _inner);
        var spans = new WorkSpans { A = context.OutputGradient, B = context.Input(1), Result = context.InputGradient(0) };
        SpanWork.Run(context.Scheduler, cut.Parts, cut.Cost, spans, 0, new Part(this, shapes, cut));
    }

    private readonly struct Part(GatherBackwardStep step, NodeShapes shapes, RowCut cut) : ISpanAction
    {
        private readonly RowCut _cut = cut;

        public void Invoke(int part, in WorkSpans spans)
        {
            for (int row = _cut.First(part); row < _cut.End(part); row++)
            {
                ReadOnlySpan<float> dy = spans.A.Slice(row * step._picked * step._inner, step._picked * step._inner);
                Span<float> dx = spans.Result.Slice(row * step._count * step._inner, step._count * step._inner);
                dx.Clear();
                for (int i = 0; i < step._picked; i++)
                {
                    Span<float> sum = dx.Slice(GatherOperation.IndexOf(shapes, spans.B, i) * step._inner, step._inner);
                    TensorPrimitives.Add(sum, dy.Slice(i * step._inner, step._inner), sum);
                }
            }
        }
    }
}
