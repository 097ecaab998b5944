namespace CnnFast.Benchmarks.Peers;

/// <summary>One of this library's operators with its buffers.</summary>
/// <param name="kernel">The kernel that runs it.</param>
/// <param name="output">Where it writes.</param>
/// <param name="run">Runs it once.</param>
internal sealed class CnnFastCandidate(string kernel, AlignedBuffer<float> output, Action run) : Candidate(kernel)
{
    public override void Run() => run();

    public override void Read(Span<float> result) => output.Span.CopyTo(result);

    public override void Dispose()
    {
    }
}
