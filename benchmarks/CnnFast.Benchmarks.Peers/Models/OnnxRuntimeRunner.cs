using CnnFast.Onnx;

namespace CnnFast.Benchmarks.Peers;

/// <summary>A model, exported, in ONNX Runtime.</summary>
internal sealed class OnnxRuntimeRunner : ModelRunner
{
    private readonly OrtSessionOptions _options;
    private readonly BoundSession _session;
    private readonly AlignedBuffer<float> _output;
    private readonly int _batch;
    private readonly Shape _outputShape;
    private readonly bool _isNchw;

    public OnnxRuntimeRunner(string engine, OnnxRuntimeVariant variant, Model model, float[] input, int batch, int threads)
        : base(engine, variant.Name)
    {
        _isNchw = variant.Layout == OnnxLayout.Nchw;
        _batch = batch;
        _outputShape = model.OutputShape;
        using var file = new MemoryStream();
        OnnxModel.Export(model, file, new OnnxExportOptions { Layout = variant.Layout });
        _options = variant.Options(threads, new Dictionary<string, int> { ["N"] = batch });
        _session = new BoundSession(file.ToArray(), _options);
        AlignedBuffer<float> fed;
        if (_isNchw && model.InputShape is { Rank: 3 } image)
        {
            fed = Layouts.ToNchw(input, batch, image[0], image[1], image[2]);
        }
        else
        {
            fed = new AlignedBuffer<float>(input.Length);
            input.CopyTo(fed.Span);
        }

        _output = new AlignedBuffer<float>(batch * _outputShape.ElementCount);
        _session.BindInput(model.Inputs[0].Name, fed, Sizes(model.InputShape));
        _session.BindOutput(model.Outputs[0].Name, _output, Sizes(_outputShape));
    }

    public override void Run() => _session.Run();

    public override IReadOnlyList<float[]> Read()
    {
        var values = new float[_output.Length];
        if (_isNchw && _outputShape.Rank == 3)
            Layouts.FromNchw(_output.Span, values, _batch, _outputShape[0], _outputShape[1], _outputShape[2]);
        else
            _output.Span.CopyTo(values);
        return [values];
    }

    public override void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    private long[] Sizes(Shape sample)
    {
        long[] sizes = [_batch, .. sample.Dimensions.ToArray().Select(d => (long)d)];
        return _isNchw && sample.Rank == 3 ? [sizes[0], sizes[3], sizes[1], sizes[2]] : sizes;
    }
}
