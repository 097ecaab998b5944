using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>The gradients of tensors side by side along their last dimension; of a whole one that every sample got, the sum.</summary>
internal sealed class ConcatenateBackwardStep : BackwardStep
{
    private readonly int[] _channels;
    private readonly int _total;
    private readonly BroadcastGradient?[] _repeated;

    public ConcatenateBackwardStep(NodeShapes shapes)
    {
        Shape y = shapes.Output;
        _channels = [.. shapes.Inputs.Select(input => input.Dimensions[^1])];
        _total = y.Dimensions[^1];
        int rows = y.Rank > 1 ? y.ElementCount / y[0] / _total : 1;
        _repeated = [.. shapes.Inputs.Select(input => input.Rank > 1 && input[0] != y[0] ? Repeated(input.Dimensions[^1]) : null)];

        BroadcastGradient Repeated(int channels) => new(new Shape(y[0], rows, channels), [(long)rows * _total, _total, 1], [0, channels, 1],
            new long[3], new long[3]);
    }

    public override int WorkspaceBytes(int threads) => BroadcastGradient.WorkspaceBytes(threads);

    public override void Run(in BackwardContext context)
    {
        ReadOnlySpan<float> dy = context.OutputGradient;
        int first = 0;
        for (int i = 0; i < _channels.Length; i++)
        {
            Span<float> dx = context.InputGradient(i);
            if (!dx.IsEmpty && _repeated[i] is { } repeated)
                repeated.Run<CopyRow>(context.Scheduler, context.N,
                    new WorkSpans { A = dy[first..], Result = dx, Scratch = context.Workspace });
            else if (!dx.IsEmpty)
                CopyPart(context.Scheduler, _channels[i], dy[first..], dx);
            first += _channels[i];
        }
    }

    private void CopyPart(IWorkScheduler scheduler, int channels, ReadOnlySpan<float> dy, Span<float> dx)
    {
        int rows = dx.Length / channels;
        CopyOperators.CopyChannels(scheduler, rows, channels, dy[..(((rows - 1) * _total) + channels)], _total, dx, channels);
    }
}
