using CnnFast.Operators;

namespace CnnFast.Benchmarks.Peers;

/// <summary>This library's operators, as they choose by themselves.</summary>
/// <param name="name">The name of its column.</param>
/// <param name="threads">Threads of the operators.</param>
internal sealed class CnnFastEngine(string name, int threads) : Engine(name, "CnnFast")
{
    private readonly IWorkScheduler _scheduler = WorkScheduler.CreateForInference(threads);

    public override IEnumerable<Candidate> Candidates(ConvolutionData data, ConvolutionPass pass) => [pass switch
    {
        ConvolutionPass.BackwardData => BackwardData(data),
        ConvolutionPass.BackwardFilter => BackwardFilter(data),
        _ => Forward(data),
    }];

    private CnnFastCandidate Forward(ConvolutionData data)
    {
        var op = Conv2DOperator.Create(Operators.ConvolutionPass.Forward(data.Geometry));
        AlignedBuffer<float> packed = new(op.PackedFilterLength), y = new(data.Dy.Length);
        var workspace = new AlignedBuffer<byte>(op.WorkspaceBytes(_scheduler.MaxThreads));
        op.PackFilter(data.Filter.Span, packed.Span);
        return new(op.KernelName, y,
            () => op.Run(_scheduler, data.Geometry.N, data.X.Span, packed.Span, data.Bias.Span, y.Span, workspace.Span));
    }

    private CnnFastCandidate BackwardData(ConvolutionData data)
    {
        var op = Conv2DOperator.Create(Operators.ConvolutionPass.BackwardData(data.Geometry));
        AlignedBuffer<float> packed = new(op.PackedFilterLength), dx = new(data.X.Length);
        var workspace = new AlignedBuffer<byte>(op.WorkspaceBytes(_scheduler.MaxThreads));
        op.PackFilter(data.Filter.Span, packed.Span);
        return new(op.KernelName, dx, () => op.Run(_scheduler, data.Geometry.N, data.Dy.Span, packed.Span, [], dx.Span, workspace.Span));
    }

    private CnnFastCandidate BackwardFilter(ConvolutionData data)
    {
        var op = Conv2DBackwardFilter.Create(data.Geometry);
        AlignedBuffer<float> dw = new(data.Filter.Length), db = new(data.Geometry.OC);
        var workspace = new AlignedBuffer<byte>(op.WorkspaceBytes(_scheduler.MaxThreads));
        return new(op.KernelName, dw,
            () => op.Run(_scheduler, data.Geometry.N, data.X.Span, data.Dy.Span, dw.Span, db.Span, workspace.Span));
    }
}
