using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// ONNX Runtime's Conv node as it runs inside a network: the time of a model with many copies of it less that of a model with one, divided by the copies
/// between. So neither the call nor the conversion between NCHW and NCHWc at the model's borders counts.
/// </summary>
internal sealed class OnnxRuntimeCandidate : Candidate
{
    private readonly Conv2DGeometry _g;
    private readonly int _copies;
    private readonly SessionOptions _options;
    private readonly BoundSession _single;
    private readonly BoundSession _one;
    private readonly BoundSession _many;
    private readonly AlignedBuffer<float> _y;
    private readonly AlignedBuffer<float>[] _pixels;
    private readonly TimeSamples _oneTimes = new();
    private readonly TimeSamples _manyTimes = new();

    public OnnxRuntimeCandidate(string variant, ConvolutionData data, AlignedBuffer<float> x, AlignedBuffer<float> filter, int copies, SessionOptions options)
        : base(variant)
    {
        Conv2DGeometry g = data.Geometry;
        (_g, _copies, _options) = (g, copies, options);
        _y = new AlignedBuffer<float>(g.Output.ElementCount);
        _pixels = [.. Enumerable.Range(0, copies).Select(_ => new AlignedBuffer<float>(g.N * g.OC))];
        _single = new BoundSession(OnnxConvolutionModel.Single(data, filter), options);
        _single.BindInput("x", x, g.N, g.C, g.H, g.W);
        _single.BindOutput("y", _y, g.N, g.OC, g.OH, g.OW);
        _one = Copies(data, x, filter, 1);
        _many = Copies(data, x, filter, copies);
    }

    public override double Best => Difference(_oneTimes.Best, _manyTimes.Best);

    public override double Median => Difference(_oneTimes.Median, _manyTimes.Median);

    public override void Run() => _many.Run();

    public override void Sample(int calls)
    {
        int each = Math.Max(1, calls / (_copies + 1));
        Sample(_one, _oneTimes, each);
        Sample(_many, _manyTimes, each);
    }

    public override void Forget()
    {
        _oneTimes.Clear();
        _manyTimes.Clear();
    }

    // The whole result comes from a model of the node alone; the pixels that the timed copies leave must agree with it.
    public override void Read(Span<float> result)
    {
        _single.Run();
        Layouts.FromNchw(_y.Span, result, _g.N, _g.OH, _g.OW, _g.OC);
        for (int copy = 0; copy < _copies; copy++)
        {
            for (int i = 0; i < _g.N * _g.OC; i++)
            {
                float expected = _y.Span[i * _g.OH * _g.OW] + (copy * OnnxConvolutionModel.BiasStep);
                if (!(Math.Abs(_pixels[copy].Span[i] - expected) <= 1e-4f * (1 + Math.Abs(expected))))
                    result[0] = float.NaN;
            }
        }
    }

    public override void Dispose()
    {
        _single.Dispose();
        _one.Dispose();
        _many.Dispose();
        _options.Dispose();
    }

    private static void Sample(BoundSession session, TimeSamples times, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            session.Run();
        times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / calls);
    }

    private BoundSession Copies(ConvolutionData data, AlignedBuffer<float> x, AlignedBuffer<float> filter, int copies)
    {
        var session = new BoundSession(OnnxConvolutionModel.Copies(data, filter, copies), _options);
        session.BindInput("x", x, _g.N, _g.C, _g.H, _g.W);
        for (int i = 0; i < copies; i++)
            session.BindOutput(OnnxConvolutionModel.OutputName(i), _pixels[i], _g.N, _g.OC, 1, 1);
        return session;
    }

    private double Difference(double one, double many) => Math.Max(many - one, 1e-9) / (_copies - 1);
}
