using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>The memory in which one image at a time is changed. One user at a time.</summary>
internal sealed class ImageWorkspace
{
    private readonly AugmentedImages _images;
    private readonly float[] _bordered;
    private readonly int _side;
    private readonly int _length;
    private readonly int[] _labels;
    private float[] _front;
    private float[] _back;
    private float[] _packed = [];
    private byte[] _sums = [];
    private ImageWorkspace? _partner;

    public ImageWorkspace(AugmentedImages images)
    {
        _images = images;
        _length = images.Shape.ElementCount;
        _side = images.Operator.C - 1;
        _bordered = new float[images.Operator.BorderedLength];
        _front = new float[_length + (2 * _side)];
        _back = new float[_length + (2 * _side)];
        _labels = new int[images.MaskLength];
        Bytes = new byte[_length];
        MaskMemory = new int[images.MaskLength];
        TargetMemory = new float[images.MixedLength];
        TargetBatch = images.MixedLength > 0 || images.MaskLength > 0 ? images.CreateTargetBatch() : null;
    }

    public byte[] Bytes { get; }

    /// <summary>The targets of one sample of the data set, where images are mixed.</summary>
    public Batch? TargetBatch { get; }

    public Span<float> Pixels => _front.AsSpan(_side, _length);

    public Span<int> Mask => MaskMemory;

    public Span<float> Target => TargetMemory;

    /// <summary>Memory for an image that is mixed into this one.</summary>
    public ImageWorkspace Partner => _partner ??= new ImageWorkspace(_images);

    private int[] MaskMemory { get; }

    private float[] TargetMemory { get; }

    /// <summary>Takes the bytes as values.</summary>
    public void Load() => _images.Converter.Run(SerialScheduler.Instance, 1, Bytes, Pixels);

    public void Move(in AffineMap map, ImageFill fill, Span<int> mask, int outsideLabel)
    {
        _images.Operator.Sample(map, fill.Edges, fill.Value, Pixels, _bordered, Pixels);
        if (mask.IsEmpty)
            return;
        mask.CopyTo(_labels);
        _images.Operator.SampleLabels(map, fill.Edges, outsideLabel, _labels, mask);
    }

    public void MixChannels(ReadOnlySpan<float> matrix, ReadOnlySpan<float> shifts)
    {
        ImageOperator op = _images.Operator;
        if (_packed.Length == 0)
            _packed = new float[(op.Taps + 1) * op.W * op.C];
        op.PackChannels(matrix, shifts, _packed);
        op.MixChannels(_packed, 0, 255, _front, _back.AsSpan(_side, _length));
        (_front, _back) = (_back, _front);
    }

    public void ChannelMeans(Span<float> means)
    {
        ChannelSum sums = _images.ChannelSums;
        if (_sums.Length == 0)
            _sums = new byte[sums.WorkspaceBytes];
        int pixels = _images.Operator.H * _images.Operator.W;
        sums.Run(SerialScheduler.Instance, pixels, Pixels, means, _sums);
        foreach (ref float mean in means)
            mean /= pixels;
    }

    public void Blend(ImageWorkspace other, float share) => _images.Operator.Blend(Pixels, other.Pixels, share);
}
