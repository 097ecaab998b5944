namespace CnnFast.Graphs;

/// <summary>The gradients of a choice: an operand has that of the elements that were taken from it.</summary>
internal sealed class WhereBackwardStep : BackwardStep
{
    private readonly BroadcastGradient[] _gradients;

    public WhereBackwardStep(NodeShapes shapes)
    {
        long[] y = StridedCopyStep.StridesOf(shapes.Output);
        long[][] strides = [.. shapes.Inputs.Select(input => BroadcastShape.Strides(input, shapes.Output))];
        _gradients = [.. strides.Skip(1).Select(own => new BroadcastGradient(shapes.Output, y, own, strides[0], own))];
    }

    public override int WorkspaceBytes(int threads) => BroadcastGradient.WorkspaceBytes(threads);

    public override void Run(in BackwardContext context)
    {
        if (!context.InputGradient(1).IsEmpty)
            _gradients[0].Run<WhereTrue>(context.Scheduler, context.N, Spans(context, 1), aIsTruth: true);
        if (!context.InputGradient(2).IsEmpty)
            _gradients[1].Run<WhereFalse>(context.Scheduler, context.N, Spans(context, 2), aIsTruth: true);
    }

    private static WorkSpans Spans(in BackwardContext context, int input) => new()
    {
        A = context.OutputGradient,
        B = context.Input(0),
        Result = context.InputGradient(input),
        Scratch = context.Workspace,
    };

    private readonly struct WhereTrue : IGradientRow
    {
        public static void Run(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = a[i] != 0 ? dy[i] : 0;
        }
    }

    private readonly struct WhereFalse : IGradientRow
    {
        public static void Run(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d)
        {
            for (int i = 0; i < d.Length; i++)
                d[i] = a[i] == 0 ? dy[i] : 0;
        }
    }
}
