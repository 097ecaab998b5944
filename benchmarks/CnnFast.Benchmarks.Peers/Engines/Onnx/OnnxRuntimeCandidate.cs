using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>ONNX Runtime's Conv node as it runs inside a network: a model with many copies of it is what is run.</summary>
internal abstract class OnnxRuntimeCandidate : Candidate
{
    private readonly ConvolutionData _data;
    private readonly AlignedBuffer<float> _x;
    private readonly AlignedBuffer<float> _filter;
    private readonly OrtSessionOptions _options;
    private readonly bool _profile;
    private readonly BoundSession _single;
    private readonly AlignedBuffer<float> _y;
    private readonly AlignedBuffer<float>[] _pixels;

    protected OnnxRuntimeCandidate(string variant, ConvolutionData data, AlignedBuffer<float> x, AlignedBuffer<float> filter, int copies,
        OrtSessionOptions options, bool profile)
        : base(variant)
    {
        Conv2DGeometry g = data.Geometry;
        (_data, _x, _filter, _options, _profile, Copies) = (data, x, filter, options, profile, copies);
        _y = new AlignedBuffer<float>(g.Output.ElementCount);
        _single = new BoundSession(OnnxConvolutionModel.Single(data, filter), options);
        _single.BindInput("x", x, g.N, g.C, g.H, g.W);
        _single.BindOutput("y", _y, g.N, g.OC, g.OH, g.OW);
        _pixels = NewPixels();
        Many = Session(copies, _pixels);
    }

    protected int Copies { get; }

    /// <summary>The model with all copies.</summary>
    protected BoundSession Many { get; }

    public override void Run() => Many.Run();

    // The whole result comes from a model of the node alone; the pixels that the timed copies leave must agree with it.
    public override void Read(Span<float> result)
    {
        Conv2DGeometry g = _data.Geometry;
        _single.Run();
        Layouts.FromNchw(_y.Span, result, g.N, g.OH, g.OW, g.OC);
        for (int copy = 0; copy < Copies; copy++)
        {
            for (int i = 0; i < g.N * g.OC; i++)
            {
                float expected = _y.Span[i * g.OH * g.OW] + (copy * OnnxConvolutionModel.BiasStep);
                if (!(Math.Abs(_pixels[copy].Span[i] - expected) <= 1e-4f * (1 + Math.Abs(expected))))
                    result[0] = float.NaN;
            }
        }
    }

    public override void Dispose()
    {
        _single.Dispose();
        Many.Dispose();
        _options.Dispose();
    }

    /// <summary>A model with so many copies, and poolings for all.</summary>
    protected BoundSession Session(int copies) => Session(copies, NewPixels());

    private AlignedBuffer<float>[] NewPixels() =>
        [.. Enumerable.Range(0, Copies).Select(_ => new AlignedBuffer<float>(_data.Geometry.N * _data.Geometry.OC))];

    private BoundSession Session(int copies, AlignedBuffer<float>[] pixels)
    {
        Conv2DGeometry g = _data.Geometry;
        if (_profile)
        {
            // The profiler names its files by the millisecond, which two sessions may share; the prefix counts at the moment of enabling.
            _options.EnableProfiling = false;
            _options.ProfileOutputPathPrefix = Path.Combine(Path.GetTempPath(), $"cnnfast-peers-{Guid.NewGuid():N}");
            _options.EnableProfiling = true;
        }

        var session = new BoundSession(OnnxConvolutionModel.Copies(_data, _filter, copies, pixels.Length), _options);
        session.BindInput("x", _x, g.N, g.C, g.H, g.W);
        for (int i = 0; i < pixels.Length; i++)
            session.BindOutput(OnnxConvolutionModel.OutputName(i), pixels[i], g.N, g.OC, 1, 1);
        return session;
    }
}
