using System.Diagnostics;
using CnnFast.Operators;

namespace CnnFast.Benchmarks;

/// <summary>One pass of a convolution with its buffers, ready to be timed.</summary>
/// <param name="Pass">forward, backward-data or backward-filter.</param>
/// <param name="Kernel">The microkernel that runs it.</param>
/// <param name="Run">Runs it once.</param>
/// <param name="CreateMicroseconds">The least time that creating the operator and packing its filter (for Winograd:
/// transforming it) took.</param>
public sealed record ConvolutionJob(string Pass, string Kernel, Action Run, double CreateMicroseconds)
{
    private const int Creations = 3;

    /// <summary>The three passes of a convolution, on seeded data in aligned buffers.</summary>
    internal static IEnumerable<ConvolutionJob> All(Conv2DGeometry g, ConvAlgorithm algorithm, IWorkScheduler scheduler)
    {
        AlignedBuffer<float> x = SeededBuffer.Create(g.Input.ElementCount, 1),
            filter = SeededBuffer.Create(g.Filter.ToShape().ElementCount, 2), bias = SeededBuffer.Create(g.OC, 3),
            dy = SeededBuffer.Create(g.Output.ElementCount, 4);
        var y = new AlignedBuffer<float>(dy.Length);
        var dx = new AlignedBuffer<float>(x.Length);
        var dw = new AlignedBuffer<float>(filter.Length);
        var db = new AlignedBuffer<float>(g.OC);

        Conv2DOperator CreateForward() => Conv2DOperator.Create(ConvolutionPass.Forward(g), Activation.ReLU, algorithm);
        Conv2DOperator forward = CreateForward();
        var packed = new AlignedBuffer<float>(forward.PackedFilterLength);
        var workspace = new AlignedBuffer<byte>(forward.WorkspaceBytes(scheduler.MaxThreads));
        double create = Microseconds(() => CreateForward().PackFilter(filter.Span, packed.Span));
        yield return new("forward", forward.KernelName,
            () => forward.Run(scheduler, g.N, x.Span, packed.Span, bias.Span, y.Span, workspace.Span), create);

        Conv2DOperator CreateBackward() => Conv2DOperator.Create(ConvolutionPass.BackwardData(g), default, algorithm);
        Conv2DOperator backward = CreateBackward();
        var transposed = new AlignedBuffer<float>(backward.PackedFilterLength);
        var backwardSpace = new AlignedBuffer<byte>(backward.WorkspaceBytes(scheduler.MaxThreads));
        create = Microseconds(() => CreateBackward().PackFilter(filter.Span, transposed.Span));
        yield return new(
            "backward-data",
            backward.KernelName,
            () => backward.Run(scheduler, g.N, dy.Span, transposed.Span, [], dx.Span, backwardSpace.Span),
            create);

        Conv2DBackwardFilter gradient = Conv2DBackwardFilter.Create(g, algorithm);
        var gradientSpace = new AlignedBuffer<byte>(gradient.WorkspaceBytes(scheduler.MaxThreads));
        create = Microseconds(() => Conv2DBackwardFilter.Create(g, algorithm));
        yield return new("backward-filter", gradient.KernelName,
            () => gradient.Run(scheduler, g.N, x.Span, dy.Span, dw.Span, db.Span, gradientSpace.Span), create);
    }

    private static double Microseconds(Action create)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < Creations; i++)
        {
            long start = Stopwatch.GetTimestamp();
            create();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return least;
    }
}
