using CnnFast.Operators;

namespace CnnFast.Benchmarks.Peers;

/// <summary>This library's operators, as they choose by themselves.</summary>
/// <param name="name">The name of its column.</param>
/// <param name="threads">Threads of the operators.</param>
internal sealed class CnnFastEngine(string name, int threads) : Engine(name, "CnnFast")
{
    private readonly IWorkScheduler _scheduler = WorkScheduler.CreateForInference(threads);

    public override IEnumerable<Candidate> Candidates(ConvolutionData data, ConvolutionPass pass)
    {
        Conv2DGeometry g = data.Geometry;
        var result = new AlignedBuffer<float>(data.ResultLength(pass));
        switch (pass)
        {
            case ConvolutionPass.Forward:
            {
                Conv2DOperator forward = Conv2DOperator.Create(g);
                var packed = new AlignedBuffer<float>(forward.PackedFilterLength);
                forward.PackFilter(data.Filter.Span, packed.Span);
                var workspace = new AlignedBuffer<byte>(forward.WorkspaceBytes(_scheduler.MaxThreads));
                yield return new CnnFastCandidate(forward.KernelName, result, () => forward.Run(_scheduler, g.N, data.X.Span, packed.Span, data.Bias.Span, result.Span, workspace.Span));
                break;
            }

            case ConvolutionPass.BackwardData:
            {
                Conv2DBackwardData backward = Conv2DBackwardData.Create(g);
                var packed = new AlignedBuffer<float>(backward.PackedFilterLength);
                backward.PackFilter(data.Filter.Span, packed.Span);
                var workspace = new AlignedBuffer<byte>(backward.WorkspaceBytes(_scheduler.MaxThreads));
                yield return new CnnFastCandidate(backward.KernelName, result, () => backward.Run(_scheduler, g.N, data.Dy.Span, packed.Span, result.Span, workspace.Span));
                break;
            }

            default:
            {
                Conv2DBackwardFilter gradient = Conv2DBackwardFilter.Create(g);
                var db = new AlignedBuffer<float>(g.OC);
                var workspace = new AlignedBuffer<byte>(gradient.WorkspaceBytes(_scheduler.MaxThreads));
                yield return new CnnFastCandidate(gradient.KernelName, result, () => gradient.Run(_scheduler, g.N, data.X.Span, data.Dy.Span, result.Span, db.Span, workspace.Span));
                break;
            }
        }
    }
}
