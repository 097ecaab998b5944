using CnnFast.Operators;

namespace CnnFast.Benchmarks;

/// <summary>The four passes of a pooling, on seeded data in aligned buffers.</summary>
internal static class PoolJobs
{
    /// <summary>max, max-backward, average and average-backward.</summary>
    public static IEnumerable<MemoryJob> All(string name, Pool2DGeometry g, IWorkScheduler scheduler)
    {
        AlignedBuffer<float> x = SeededBuffer.Create(g.Input.ElementCount, 1), dy = SeededBuffer.Create(g.Output.ElementCount, 2);
        var y = new AlignedBuffer<float>(dy.Length);
        var dx = new AlignedBuffer<float>(x.Length);
        MaxPool2DOperator max = MaxPool2DOperator.Create(g);
        MaxPool2DBackward maxBackward = MaxPool2DBackward.Create(g);
        AveragePool2DOperator average = AveragePool2DOperator.Create(g, countPadding: false);
        AveragePool2DBackward averageBackward = AveragePool2DBackward.Create(g, countPadding: false);
        long bytes = sizeof(float) * (long)(x.Length + y.Length);
        yield return new(name, "max", bytes, () => max.Run(scheduler, g.N, x.Span, y.Span));
        max.Run(scheduler, g.N, x.Span, y.Span);
        yield return new(name, "max-backward", 2 * bytes, () => maxBackward.Run(scheduler, g.N, x.Span, y.Span, dy.Span, dx.Span));
        yield return new(name, "average", bytes, () => average.Run(scheduler, g.N, x.Span, y.Span));
        yield return new(name, "average-backward", bytes, () => averageBackward.Run(scheduler, g.N, dy.Span, dx.Span));
    }
}
