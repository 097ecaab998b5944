using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Changes of one image of floats [H, W, C]: sampling along an affine map, mixing of channels, mixing with another image. Created once for
/// a shape; immutable and thread-safe, allocates nothing. One image is the work of one thread.
/// </summary>
internal sealed unsafe class ImageOperator
{
    private const string Name = "ImageOperator";
    private const int Border = SampledRow.Border;

    // Coordinates further out than this look at the same place.
    private const double Farthest = 1 << 20;

    private readonly AugmentKernels _kernels;
    private readonly float[] _pixels;
    private readonly int[] _offsets;
    private readonly int _pitch;

    private ImageOperator(Shape image, AugmentKernels kernels)
    {
        if (image.Rank != 3)
            throw new ShapeException($"{Name}: the image shape is {image}; expected [H, W, C].");
        (H, W, C) = (image[0], image[1], image[2]);
        _kernels = kernels;
        _pitch = checked((W + (2 * Border)) * C);
        BorderedLength = checked((H + (2 * Border)) * _pitch);
        _pixels = new float[W * C];
        _offsets = new int[W * C];
        for (int e = 0; e < _pixels.Length; e++)
        {
            _pixels[e] = e / C;
            _offsets[e] = e % C;
        }
    }

    public int H { get; }

    public int W { get; }

    public int C { get; }

    /// <summary>Floats of an image with the border that <see cref="Sample"/> puts around it.</summary>
    public int BorderedLength { get; }

    /// <summary>Taps of <see cref="MixChannels"/> where channels mix.</summary>
    public int Taps => (2 * C) - 1;

    /// <summary>Chooses the kernels.</summary>
    /// <exception cref="ShapeException">The shape is none of images, or too large.</exception>
    public static ImageOperator Create(Shape image, IsaLevel? isa = null) => new(image, KernelSelection.Choose(AugmentKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static ImageOperator Create(Shape image, AugmentKernels kernels) => new(image, kernels);

    /// <summary>y = x seen along a map, interpolated linearly.</summary>
    /// <param name="map">Where pixels of y come from.</param>
    /// <param name="edge">What lies outside.</param>
    /// <param name="outside">The value of <see cref="ImageEdge.Constant"/>.</param>
    /// <param name="x">The image [H, W, C].</param>
    /// <param name="bordered">Scratch memory, <see cref="BorderedLength"/>.</param>
    /// <param name="y">Receives the image; may be x.</param>
    public void Sample(in AffineMap map, ImageEdge edge, float outside, ReadOnlySpan<float> x, Span<float> bordered, Span<float> y)
    {
        OperatorChecks.Length(Name, "x", x.Length, H * W * C);
        OperatorChecks.Length(Name, "y", y.Length, H * W * C);
        OperatorChecks.Length(Name, "bordered", bordered.Length, BorderedLength);
        PutBorder(x, outside, bordered);
        float low = edge == ImageEdge.Constant ? -1 : 0;
        fixed (float* image = bordered, to = y, pixels = _pixels)
        fixed (int* offsets = _offsets)
        {
            SampledRow row = new()
            {
                Image = image + (Border * _pitch) + (Border * C),
                Pitch = _pitch,
                Channels = C,
                Pixels = pixels,
                Offsets = offsets,
                RowStep = (float)map.RowJ,
                ColumnStep = (float)map.ColumnJ,
                Lowest = low,
                HighestRow = H - 1 - low,
                HighestColumn = W - 1 - low,
                Reflects = edge == ImageEdge.Reflect,
            };
            for (int i = 0; i < H; i++)
            {
                row.Row = (float)Math.Clamp((map.RowI * i) + map.Row, -Farthest, Farthest);
                row.Column = (float)Math.Clamp((map.ColumnI * i) + map.Column, -Farthest, Farthest);
                _kernels.SampleRow(&row, to + ((nint)i * W * C), W * C);
            }
        }
    }

    /// <summary>y = the label next to the place where a map looks, for every pixel.</summary>
    /// <param name="map">Where pixels of y come from.</param>
    /// <param name="edge">What lies outside.</param>
    /// <param name="outside">The label of <see cref="ImageEdge.Constant"/>.</param>
    /// <param name="x">The labels [H, W].</param>
    /// <param name="y">Receives the labels; not x.</param>
    public void SampleLabels(in AffineMap map, ImageEdge edge, int outside, ReadOnlySpan<int> x, Span<int> y)
    {
        OperatorChecks.Length(Name, "labels", x.Length, H * W);
        OperatorChecks.Length(Name, "labels of the result", y.Length, H * W);
        for (int i = 0; i < H; i++)
        {
            for (int j = 0; j < W; j++)
            {
                int row = Nearest((map.RowI * i) + (map.RowJ * j) + map.Row, H, edge);
                int column = Nearest((map.ColumnI * i) + (map.ColumnJ * j) + map.Column, W, edge);
                y[(i * W) + j] = row < 0 || column < 0 ? outside : x[(row * W) + column];
            }
        }
    }

    /// <summary>Writes what <see cref="MixChannels"/> reads: weights and shifts of a row.</summary>
    /// <param name="matrix">A row of C weights for every channel of the result.</param>
    /// <param name="shifts">One shift a channel.</param>
    /// <param name="packed">Receives <see cref="Taps"/> + 1 times W·C floats.</param>
    public void PackChannels(ReadOnlySpan<float> matrix, ReadOnlySpan<float> shifts, Span<float> packed)
    {
        int columns = W * C;
        OperatorChecks.Length(Name, "matrix", matrix.Length, C * C);
        OperatorChecks.Length(Name, "packed", packed.Length, (Taps + 1) * columns);
        packed.Clear();
        for (int e = 0; e < columns; e++)
        {
            int c = e % C;
            for (int from = 0; from < C; from++)
                packed[((from - c + C - 1) * columns) + e] = matrix[(c * C) + from];
            packed[(Taps * columns) + e] = shifts[c];
        }
    }

    /// <summary>y = matrix·x + shift for every pixel, held between low and high.</summary>
    /// <param name="packed">What <see cref="PackChannels"/> wrote.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The largest.</param>
    /// <param name="x">The image [H, W, C] with C − 1 finite floats before it and after it.</param>
    /// <param name="y">Receives the image without them; not x.</param>
    public void MixChannels(ReadOnlySpan<float> packed, float low, float high, ReadOnlySpan<float> x, Span<float> y)
    {
        int columns = W * C;
        OperatorChecks.Length(Name, "packed", packed.Length, (Taps + 1) * columns);
        OperatorChecks.Length(Name, "x", x.Length, (H * columns) + (2 * (C - 1)));
        OperatorChecks.Length(Name, "y", y.Length, H * columns);
        fixed (float* weights = packed, from = x, to = y)
            _kernels.MixChannels(from + (C - 1), weights, Taps, weights + ((nint)Taps * columns), low, high, to, H, columns);
    }

    /// <summary>y = x·scale + shift with one pair of numbers a channel.</summary>
    /// <param name="scales">Scales of a row: W·C.</param>
    /// <param name="shifts">Shifts of a row.</param>
    /// <param name="x">The image [H, W, C].</param>
    /// <param name="y">Receives the image; may be x.</param>
    public void ScaleShift(ReadOnlySpan<float> scales, ReadOnlySpan<float> shifts, ReadOnlySpan<float> x, Span<float> y)
    {
        int columns = W * C;
        OperatorChecks.Length(Name, "scales", scales.Length, columns);
        OperatorChecks.Length(Name, "shifts", shifts.Length, columns);
        OperatorChecks.Length(Name, "x", x.Length, H * columns);
        OperatorChecks.Length(Name, "y", y.Length, x.Length);
        fixed (float* a = scales, b = shifts, from = x, to = y)
            _kernels.MixChannels(from, a, 1, b, float.NegativeInfinity, float.PositiveInfinity, to, H, columns);
    }

    /// <summary>x moves towards another image by a share of the way.</summary>
    public void Blend(Span<float> x, ReadOnlySpan<float> other, float share)
    {
        OperatorChecks.Length(Name, "x", x.Length, H * W * C);
        OperatorChecks.Length(Name, "other", other.Length, x.Length);
        fixed (float* a = x, b = other)
            _kernels.Blend(a, b, share, a, x.Length);
    }

    private static int Nearest(double place, int count, ImageEdge edge)
    {
        if (edge == ImageEdge.Reflect)
            place = count - 1 - Math.Abs(count - 1 - Math.Abs(place));
        if (edge != ImageEdge.Constant)
            place = Math.Clamp(place, 0, count - 1);
        double nearest = Math.Floor(place + 0.5);
        return nearest >= 0 && nearest < count ? (int)nearest : -1;
    }

    private void PutBorder(ReadOnlySpan<float> x, float outside, Span<float> bordered)
    {
        int row = W * C;
        int side = Border * C;
        bordered[..(Border * _pitch)].Fill(outside);
        bordered[^(Border * _pitch)..].Fill(outside);
        for (int i = 0; i < H; i++)
        {
            Span<float> to = bordered.Slice((Border + i) * _pitch, _pitch);
            to[..side].Fill(outside);
            x.Slice(i * row, row).CopyTo(to[side..]);
            to[^side..].Fill(outside);
        }
    }
}
