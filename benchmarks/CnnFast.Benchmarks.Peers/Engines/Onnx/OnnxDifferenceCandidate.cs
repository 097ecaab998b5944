using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// For nodes of microseconds on one thread: the time of the model with many copies less that of the same model with one, divided by the
/// copies between. So neither the call nor the conversion between NCHW and NCHWc at the model's borders counts.
/// </summary>
internal sealed class OnnxDifferenceCandidate : OnnxRuntimeCandidate
{
    private readonly BoundSession _one;
    private readonly TimeSamples _oneTimes = new();
    private readonly TimeSamples _manyTimes = new();

    public OnnxDifferenceCandidate(string variant, ConvolutionData data, AlignedBuffer<float> x, AlignedBuffer<float> filter, int copies,
        OrtSessionOptions options)
        : base(variant, data, x, filter, copies, options, profile: false) => _one = Session(1);

    public override double Best => (_manyTimes.Best - _oneTimes.Best) / (Copies - 1);

    public override double Median => (_manyTimes.Median - _oneTimes.Median) / (Copies - 1);

    public override void Sample(int calls)
    {
        int each = Math.Max(1, calls / (Copies + 1));
        Sample(_one, _oneTimes, each);
        Sample(Many, _manyTimes, each);
    }

    public override void Forget()
    {
        _oneTimes.Clear();
        _manyTimes.Clear();
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    private static void Sample(BoundSession session, TimeSamples times, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            session.Run();
        times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / calls);
    }
}
