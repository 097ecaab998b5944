using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Benchmarks;

/// <summary>One pass of a pooling with its buffers, ready to be timed.</summary>
/// <param name="Pass">max, max-backward, average or average-backward.</param>
/// <param name="Bytes">Bytes that the pass must read and write at least.</param>
/// <param name="Run">Runs it once.</param>
public sealed record PoolJob(string Pass, long Bytes, Action Run)
{
    /// <summary>The four passes of a pooling, on seeded data in aligned buffers.</summary>
    internal static IEnumerable<PoolJob> All(Pool2DGeometry g, IWorkScheduler scheduler)
    {
        AlignedBuffer<float> x = SeededBuffer.Create(g.Input.ElementCount, 1), dy = SeededBuffer.Create(g.Output.ElementCount, 2);
        var y = new AlignedBuffer<float>(dy.Length);
        var dx = new AlignedBuffer<float>(x.Length);
        MaxPool2DOperator max = MaxPool2DOperator.Create(g);
        MaxPool2DBackward maxBackward = MaxPool2DBackward.Create(g);
        AveragePool2DOperator average = AveragePool2DOperator.Create(g, countPadding: false);
        AveragePool2DBackward averageBackward = AveragePool2DBackward.Create(g, countPadding: false);
        long bytes = sizeof(float) * (long)(x.Length + y.Length);
        yield return new("max", bytes, () => max.Run(scheduler, g.N, x.Span, y.Span));
        max.Run(scheduler, g.N, x.Span, y.Span);
        yield return new("max-backward", 2 * bytes, () => maxBackward.Run(scheduler, g.N, x.Span, y.Span, dy.Span, dx.Span));
        yield return new("average", bytes, () => average.Run(scheduler, g.N, x.Span, y.Span));
        yield return new("average-backward", bytes, () => averageBackward.Run(scheduler, g.N, dy.Span, dx.Span));
    }
}
