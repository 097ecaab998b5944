using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds maximum and average pooling, forward and backward, on the kernels of every tier against the reference: maxima exactly, with ties
/// and NaN among the inputs; averages with and without counted padding; part batches, guarded buffers, outputs that start as NaN.
/// </summary>
public sealed class Pool2DSweep : IKernelSweep
{
    private readonly IReadOnlyList<PoolKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public Pool2DSweep()
        : this(PoolKernels.All)
    {
    }

    internal Pool2DSweep(IReadOnlyList<PoolKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Pool2D";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (PoolKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach (Pool2DCase test in Pool2DCases.Of(depth).Concat(Pool2DCases.Adaptive))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Run(tally, set, operation, test);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Run(KernelTally tally, PoolKernels set, string operation, Pool2DCase test)
    {
        switch (operation)
        {
            case "MaxPool2D":
                MaxForward(tally, set, test, "plain", test.X());
                MaxForward(tally, set, test, "ties", test.XWithTies());
                MaxForward(tally, set, test, "NaN", test.XWithNaN());
                break;
            case "MaxPool2DBackward":
                MaxBackward(tally, set, test, "plain", test.X());
                MaxBackward(tally, set, test, "ties", test.XWithTies());
                MaxBackward(tally, set, test, "NaN", test.XWithNaN());
                break;
            case "AveragePool2D":
                AverageForward(tally, set, test, countPadding: false);
                if (!test.IsAdaptive)
                    AverageForward(tally, set, test, countPadding: true);
                break;
            case "AveragePool2DBackward":
                AverageBackward(tally, set, test, countPadding: false);
                if (!test.IsAdaptive)
                    AverageBackward(tally, set, test, countPadding: true);
                break;
            default:
                throw new InvalidOperationException($"The pooling sweep does not know the operation {operation}.");
        }
    }

    private delegate void Pooling(IWorkScheduler scheduler, int n, ReadOnlySpan<float> x, Span<float> y);

    private static void MaxForward(KernelTally tally, PoolKernels set, Pool2DCase test, string data, float[] input)
    {
        using var x = new GuardedBuffer<float>(input, Side(test));
        using GuardedBuffer<float> y = Output(test, test.Geometry.Output);
        MaxPool2DOperator.Create(Larger(test), set).Run(SerialScheduler.Instance, test.Geometry.N, x.Span, y.Span);
        Add(tally, $"{test}, {data}", y, () => ErrorBound.MeasureExact(y.Span, test.ExpectMaxForward(input)));
        Apart(tally, test, data, input, y.Span, (inPitch, outPitch) => MaxPool2DOperator.Create(Larger(test), set, inPitch, outPitch).Run);
    }

    private static void MaxBackward(KernelTally tally, PoolKernels set, Pool2DCase test, string data, float[] input)
    {
        using var x = new GuardedBuffer<float>(input, Side(test));
        using var y = new GuardedBuffer<float>(test.ExpectMaxForward(input), Side(test));
        using var dy = new GuardedBuffer<float>(test.DY(), Side(test));
        using GuardedBuffer<float> dx = Output(test, test.Geometry.Input);
        MaxPool2DBackward.Create(Larger(test), set).Run(SerialScheduler.Instance, test.Geometry.N, x.Span, y.Span, dy.Span, dx.Span);
        Add(tally, $"{test}, {data}", dx, () => test.ExpectMaxBackward(input).Measure(dx.Span));
    }

    private static void AverageForward(KernelTally tally, PoolKernels set, Pool2DCase test, bool countPadding)
    {
        using var x = new GuardedBuffer<float>(test.X(), Side(test));
        using GuardedBuffer<float> y = Output(test, test.Geometry.Output);
        AveragePool2DOperator.Create(Larger(test), countPadding, set).Run(SerialScheduler.Instance, test.Geometry.N, x.Span, y.Span);
        Add(tally, $"{test}, count padding {countPadding}", y, () => test.ExpectAverageForward(countPadding).Measure(y.Span));
        Apart(tally, test, $"count padding {countPadding}", test.X(), y.Span,
            (inPitch, outPitch) => AveragePool2DOperator.Create(Larger(test), countPadding, set, inPitch, outPitch).Run);
    }

    // Pixels that lie apart, in the input, the output or both, give the same bits, and what is between them stays.
    private static void Apart(KernelTally tally, Pool2DCase test, string data, float[] input, ReadOnlySpan<float> expected,
        Func<int, int, Pooling> create)
    {
        Pool2DGeometry g = test.Geometry;
        int inPitch = g.C + (test.Seed % 3 == 0 ? 0 : 1 + (test.Seed % 5));
        int outPitch = g.C + (test.Seed % 3 == 1 ? 0 : 1 + (test.Seed % 4));
        using var x = new PitchedBuffer(input, g.C, inPitch, Side(test));
        using var y = new PitchedBuffer(g.N * g.OH * g.OW, g.C, outPitch, Side(test));
        create(inPitch, outPitch)(SerialScheduler.Instance, g.N, x.Span, y.Span);
        string name = $"{test}, {data}, pitches {inPitch} and {outPitch}";
        if (x.RestIsIntact && y.RestIsIntact)
            tally.Add(name, ErrorBound.MeasureExact(y.Gather(), expected));
        else
            tally.Fail(name, "wrote outside its pixels");
    }

    private static void AverageBackward(KernelTally tally, PoolKernels set, Pool2DCase test, bool countPadding)
    {
        using var dy = new GuardedBuffer<float>(test.DY(), Side(test));
        using GuardedBuffer<float> dx = Output(test, test.Geometry.Input);
        AveragePool2DBackward.Create(Larger(test), countPadding, set).Run(SerialScheduler.Instance, test.Geometry.N, dy.Span, dx.Span);
        Add(tally, $"{test}, count padding {countPadding}", dx, () => test.ExpectAverageBackward(countPadding).Measure(dx.Span));
    }

    private static void Add(KernelTally tally, string name, GuardedBuffer<float> output, Func<ErrorMeasure> measure)
    {
        if (output.SlackIsIntact)
            tally.Add(name, measure());
        else
            tally.Fail(name, "wrote outside its output");
    }

    // The operator is made for a larger batch than it runs, as the last batch of an epoch is.
    private static Pool2DGeometry Larger(Pool2DCase test)
    {
        Pool2DGeometry g = test.Geometry;
        Shape larger = Shape.Nhwc(g.N + (test.Seed % 3), g.H, g.W, g.C);
        if (test.IsAdaptive)
            return Pool2DGeometry.Adaptive(larger, g.OH, g.OW);
        Padding padding = Padding.Explicit(g.PadTop, g.PadLeft, g.PadBottom, g.PadRight);
        return Pool2DGeometry.Create(larger, g.KH, g.KW, g.StrideH, g.StrideW, padding,
            g.DilationH, g.DilationW);
    }

    private static GuardSide Side(Pool2DCase test) => test.Seed % 2 == 0 ? GuardSide.Before : GuardSide.After;

    private static GuardedBuffer<float> Output(Pool2DCase test, Shape shape)
    {
        var output = new GuardedBuffer<float>(shape.ElementCount, Side(test));
        output.Fill(float.NaN);
        return output;
    }
}
