namespace CnnFast.Graphs;

/// <summary>The gradients of a function of the elements of two tensors of one rank, dimensions of 1 repeated.</summary>
internal sealed class BinaryBackwardStep<TGradient> : BackwardStep
    where TGradient : struct, IBinaryGradient
{
    private readonly BroadcastGradient _first;
    private readonly BroadcastGradient _second;

    public BinaryBackwardStep(NodeShapes shapes)
    {
        long[] y = StridedCopyStep.StridesOf(shapes.Output);
        long[] a = BroadcastShape.Strides(shapes.Inputs[0], shapes.Output);
        long[] b = BroadcastShape.Strides(shapes.Inputs[1], shapes.Output);
        _first = new BroadcastGradient(shapes.Output, y, a, a, b);
        _second = new BroadcastGradient(shapes.Output, y, b, a, b);
    }

    public override int WorkspaceBytes(int threads) => BroadcastGradient.WorkspaceBytes(threads);

    public override void Run(in BackwardContext context)
    {
        if (!context.InputGradient(0).IsEmpty)
            _first.Run<ByFirst>(context.Scheduler, context.N, Spans(context, 0));
        if (!context.InputGradient(1).IsEmpty)
            _second.Run<BySecond>(context.Scheduler, context.N, Spans(context, 1));
    }

    private static WorkSpans Spans(in BackwardContext context, int input) => new()
    {
        A = context.OutputGradient,
        B = context.Input(0),
        C = context.Input(1),
        Result = context.InputGradient(input),
        Scratch = context.Workspace,
    };

    private readonly struct ByFirst : IGradientRow
    {
        public static void Run(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            TGradient.First(dy, a, b, d);
    }

    private readonly struct BySecond : IGradientRow
    {
        public static void Run(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) =>
            TGradient.Second(dy, a, b, d);
    }
}
