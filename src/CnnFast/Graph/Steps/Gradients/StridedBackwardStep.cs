namespace CnnFast.Graphs;

/// <summary>The gradient of elements that were read at regular distances: 0 where none was, the sum where one was several times.</summary>
/// <param name="shapes">The shapes.</param>
/// <param name="strides">The distance in the input from one output element to the next, for every dimension.</param>
/// <param name="offset">The first element in the input.</param>
internal sealed class StridedBackwardStep(NodeShapes shapes, long[] strides, long offset) : BackwardStep
{
    private readonly BroadcastGradient _gradient = new(shapes.Output, StridedCopyStep.StridesOf(shapes.Output), strides,
        new long[strides.Length], new long[strides.Length]);

    public override int WorkspaceBytes(int threads) => BroadcastGradient.WorkspaceBytes(threads);

    public override void Run(in BackwardContext context)
    {
        Span<float> dx = context.InputGradient(0);
        dx.Clear();
        _gradient.Run<CopyRow>(context.Scheduler, context.N, new WorkSpans
        {
            A = context.OutputGradient,
            Result = dx,
            Scratch = context.Workspace,
        }, offset);
    }
}
