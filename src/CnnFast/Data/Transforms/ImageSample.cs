using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>
/// One training image while it is changed: its values, the labels of its pixels where there are some, and random numbers that follow from
/// the seed, the epoch and the image's place in the data set alone. Passed by reference; no part of it may be kept.
/// </summary>
public ref struct ImageSample
{
    private readonly AugmentedImages _images;
    private readonly ImageWorkspace _work;
    private readonly Span<int> _mask;
    private readonly Span<float> _target;
    private SeededRandom _random;
    private AffineMap _map;
    private ImageFill? _fill;
    private bool _moved;

    internal ImageSample(AugmentedImages images, ImageWorkspace work, Span<int> mask, Span<float> target, SeededRandom random)
    {
        _images = images;
        _work = work;
        _mask = mask;
        _target = target;
        _random = random;
        _map = AffineMap.Identity;
    }

    /// <summary>The shape of the image, <c>[H, W, C]</c>.</summary>
    public readonly Shape Shape => _images.Shape;

    /// <summary>The values of the image, <c>[H, W, C]</c>, bytes as numbers from 0 to 255; may be changed.</summary>
    public Span<float> Pixels
    {
        get
        {
            Settle();
            return _work.Pixels;
        }
    }

    /// <summary>The labels of the pixels, <c>[H, W]</c>, where the targets are such; else empty. May be changed.</summary>
    public Span<int> Mask
    {
        get
        {
            Settle();
            return _mask;
        }
    }

    internal readonly SeededRandom Random => _random;

    /// <summary>Which transform of the list is at work.</summary>
    internal int Stage { get; set; }

    /// <summary>The next random number, evenly drawn from a range.</summary>
    /// <param name="low">The least number.</param>
    /// <param name="high">The largest.</param>
    /// <returns>The number.</returns>
    public float Uniform(float low, float high) => (float)(low + ((high - low) * _random.NextDouble()));

    /// <summary>The next random whole number, evenly drawn.</summary>
    /// <param name="bound">One more than the largest, at least 1.</param>
    /// <returns>The number, from 0 to <paramref name="bound"/> − 1.</returns>
    public int Index(int bound) => _random.NextInt32(bound);

    /// <summary>Whether something that happens with a probability happens this time.</summary>
    /// <param name="probability">The probability, from 0 to 1.</param>
    /// <returns>Whether it happens.</returns>
    public bool Chance(float probability) => _random.NextDouble() < probability;

    internal double NextDouble() => _random.NextDouble();

    /// <summary>A number evenly drawn up to a limit either way.</summary>
    internal double Draw(double limit) => ((2 * _random.NextDouble()) - 1) * limit;

    /// <summary>Moves the image; moves with the same fill wait for each other and are done in one go.</summary>
    /// <param name="map">Where pixels come from.</param>
    /// <param name="fill">What comes in from outside; null where nothing does.</param>
    internal void Move(in AffineMap map, ImageFill? fill)
    {
        if (_fill is { } before && fill is { } next && before != next)
            Settle();
        _fill = fill ?? _fill;
        _map = _map.Then(map);
        _moved = true;
    }

    /// <summary>Does the moves that wait.</summary>
    internal void Settle()
    {
        if (!_moved)
            return;
        _work.Move(_map, _fill ?? default, _mask, _images.OutsideLabel);
        (_map, _fill, _moved) = (AffineMap.Identity, null, false);
    }

    /// <summary>Every pixel times a matrix plus shifts, held between 0 and 255.</summary>
    internal void MixChannels(scoped ReadOnlySpan<float> matrix, scoped ReadOnlySpan<float> shifts)
    {
        Settle();
        _work.MixChannels(matrix, shifts);
    }

    /// <summary>The mean of every channel.</summary>
    internal void ChannelMeans(Span<float> means)
    {
        Settle();
        _work.ChannelMeans(means);
    }

    /// <summary>Another image of the data set, changed by what comes before this transform.</summary>
    internal ImageWorkspace DrawPartner()
    {
        int index = _random.NextInt32(_images.Count);
        ImageWorkspace other = _work.Partner;
        _images.Render(index, Stage, other.Mask, other.Target, ref _random, other);
        return other;
    }

    /// <summary>Mixes another image in.</summary>
    internal void Blend(ImageWorkspace other, float share)
    {
        Settle();
        _work.Blend(other, share);
        BlendTarget(other, share);
    }

    /// <summary>Takes a rectangle from another image.</summary>
    internal void Paste(ImageWorkspace other, int top, int left, int height, int width)
    {
        Settle();
        (int columns, int channels) = (Shape[1], Shape[2]);
        for (int i = top; i < top + height; i++)
        {
            int start = (i * columns) + left;
            other.Pixels.Slice(start * channels, width * channels).CopyTo(_work.Pixels[(start * channels)..]);
            if (!_mask.IsEmpty)
                other.Mask.Slice(start, width).CopyTo(_mask[start..]);
        }

        BlendTarget(other, (float)height * width / (Shape[0] * columns));
    }

    private readonly void BlendTarget(ImageWorkspace other, float share)
    {
        for (int k = 0; k < _target.Length; k++)
            _target[k] += share * (other.Target[k] - _target[k]);
    }
}
