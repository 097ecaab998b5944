namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// One call of libtorch in one memory format. libtorch pads alike on both sides: where the padding differs, the input is given
/// to it with its zeros in place.
/// </summary>
internal sealed unsafe class TorchCandidate : Candidate
{
    private readonly Conv2DGeometry _g;
    private readonly ConvolutionPass _pass;
    private readonly int _top;
    private readonly int _left;
    private readonly int _height;
    private readonly int _width;
    private readonly TorchTensor _x;
    private readonly TorchTensor _filter;
    private readonly TorchTensor _bias;
    private readonly TorchTensor _dy;
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly long[] _dilation;
    private readonly nint[] _results = new nint[3];

    public TorchCandidate(ConvolutionData data, ConvolutionPass pass, bool channelsLast)
        : base(channelsLast ? "channels-last" : "contiguous")
    {
        Conv2DGeometry g = data.Geometry;
        (_g, _pass) = (g, pass);
        bool even = g.PadTop == g.PadBottom && g.PadLeft == g.PadRight;
        (_top, _left) = even ? (0, 0) : (g.PadTop, g.PadLeft);
        (_height, _width) = even ? (g.H, g.W) : (g.H + g.PadTop + g.PadBottom, g.W + g.PadLeft + g.PadRight);
        _stride = [g.StrideH, g.StrideW];
        _padding = even ? [g.PadTop, g.PadLeft] : [0, 0];
        _dilation = [g.DilationH, g.DilationW];
        AlignedBuffer<float> x = even ? data.X : Padded(data.X.Span), filter = Layouts.ToOihw(data.Filter.Span, g);
        _x = new TorchTensor(channelsLast ? x : Layouts.ToNchw(x.Span, g.N, _height, _width, g.C), [g.N, g.C, _height, _width],
            channelsLast);
        _filter = new TorchTensor(channelsLast ? Layouts.ToOhwi(filter.Span, g) : filter, [g.OC, g.GroupC, g.KH, g.KW], channelsLast);
        _bias = new TorchTensor(data.Bias, [g.OC], channelsLast);
        _dy = new TorchTensor(channelsLast ? data.Dy : Layouts.ToNchw(data.Dy.Span, g.N, g.OH, g.OW, g.OC), [g.N, g.OC, g.OH, g.OW],
            channelsLast);
    }

    public override void Run()
    {
        DropResults();
        long* zero = stackalloc long[2] { 0, 0 };
        fixed (long* stride = _stride, padding = _padding, dilation = _dilation)
        fixed (nint* results = _results)
        {
            if (_pass == ConvolutionPass.Forward)
            {
                nint bias = _bias.Handle;
                LibTorch.Require(LibTorch.Convolution(_x.Handle, _filter.Handle, &bias, stride, 2, padding, 2, dilation, 2, 0, zero, 2,
                    _g.Groups, results));
                return;
            }

            bool filter = _pass == ConvolutionPass.BackwardFilter;
            int* mask = stackalloc int[3] { filter ? 0 : 1, filter ? 1 : 0, filter ? 1 : 0 };
            long biasSize = _g.OC;
            long* biasSizes = &biasSize;
            LibTorch.Require(LibTorch.ConvolutionBackward(_dy.Handle, _x.Handle, _filter.Handle, &biasSizes, 1, stride, 2, padding, 2,
                dilation, 2, 0, zero, 2, _g.Groups, mask, 3, results, results + 1, results + 2));
        }
    }

    public override void Read(Span<float> result)
    {
        nint tensor = _results[_pass == ConvolutionPass.BackwardFilter ? 1 : 0];
        float* data;
        long* strides;
        LibTorch.Require(LibTorch.GetData(tensor, &data));
        LibTorch.Require(LibTorch.GetStrides(tensor, &strides));
        (long s0, long s1, long s2, long s3) = (strides[0], strides[1], strides[2], strides[3]);
        int at = 0;
        switch (_pass)
        {
            case ConvolutionPass.BackwardFilter:
                for (int a = 0; a < _g.KH; a++)
                for (int b = 0; b < _g.KW; b++)
                for (int c = 0; c < _g.GroupC; c++)
                for (int k = 0; k < _g.OC; k++)
                    result[at++] = data[(k * s0) + (c * s1) + (a * s2) + (b * s3)];
                break;
            default:
                (int height, int width, int channels) = _pass == ConvolutionPass.Forward ? (_g.OH, _g.OW, _g.OC) : (_g.H, _g.W, _g.C);
                (int top, int left) = _pass == ConvolutionPass.Forward ? (0, 0) : (_top, _left);
                for (int m = 0; m < _g.N; m++)
                for (int i = 0; i < height; i++)
                for (int j = 0; j < width; j++)
                for (int c = 0; c < channels; c++)
                    result[at++] = data[(m * s0) + (c * s1) + ((i + top) * s2) + ((j + left) * s3)];
                break;
        }
    }

    public override void Dispose()
    {
        DropResults();
        _x.Dispose();
        _filter.Dispose();
        _bias.Dispose();
        _dy.Dispose();
    }

    private void DropResults()
    {
        for (int i = 0; i < _results.Length; i++)
        {
            if (_results[i] != 0)
                LibTorch.Require(LibTorch.DeleteTensor(_results[i]));
            _results[i] = 0;
        }
    }

    private AlignedBuffer<float> Padded(ReadOnlySpan<float> x)
    {
        var padded = new AlignedBuffer<float>(_g.N * _height * _width * _g.C);
        int row = _g.W * _g.C;
        for (int m = 0; m < _g.N; m++)
        for (int i = 0; i < _g.H; i++)
            x.Slice(((m * _g.H) + i) * row, row).CopyTo(padded.Span[((((((m * _height) + i + _top) * _width) + _left) * _g.C))..]);
        return padded;
    }
}
