using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// The source of a depthwise convolution as its tiles read it: the NHWC image itself, or a slab with a zero border in which whole vectors
/// of channels lie side by side. A slab pixel has one place for each output channel (an input channel of several outputs is repeated), or,
/// where an output reads several channels, one plane for each of them.
/// </summary>
internal sealed unsafe class DepthwiseSource
{
    private readonly int _channels;
    private readonly int _repeats;
    private readonly int _planes;
    private readonly int _first;
    private readonly int _end;

    /// <param name="columns">The columns of all phases.</param>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="outputs">Output channels, rounded up to whole vectors where the source is a slab.</param>
    /// <param name="repeats">Output channels that read the same channel.</param>
    /// <param name="planes">Channels that one output channel reads.</param>
    /// <param name="inPlace">Whether the image itself is read.</param>
    public DepthwiseSource(IReadOnlyList<DepthwiseAxis> columns, int channels, int outputs, int repeats, int planes, bool inPlace)
    {
        _channels = channels;
        _repeats = repeats;
        _planes = planes;
        InPlace = inPlace;
        Width = columns[0].Source;
        Origin = inPlace ? 0 : columns.Min(axis => axis.Least);
        long end = inPlace ? Width : columns.Max(axis => ((long)(axis.Count - 1) * axis.Step) + axis.Most + 1);
        Pixel = inPlace ? channels : (nint)outputs * planes;
        Int128 row = (Int128)(end - Origin) * Pixel;
        RowFloats = row <= Array.MaxLength
            ? (nint)row
            : throw new ShapeException(
                $"Conv2D: a row of the image with its padding and {Pixel} channels has {row} elements, more than one buffer can hold.");
        _first = (int)Math.Clamp(0, Origin, end);
        _end = (int)Math.Clamp(Width, _first, end);
    }

    public bool InPlace { get; }

    /// <summary>Columns of the image.</summary>
    public int Width { get; }

    /// <summary>The column that a row starts with.</summary>
    public int Origin { get; }

    /// <summary>Floats between two pixels.</summary>
    public nint Pixel { get; }

    /// <summary>Floats of a row.</summary>
    public nint RowFloats { get; }

    /// <summary>
    /// Copies some output channels of one row of the image into a row of a slab, zeros where the columns leave the image.
    /// </summary>
    public void CopyRow(float* image, float* slab, int firstChannel, int endChannel)
    {
        int count = endChannel - firstChannel;
        nint plane = Pixel / _planes;
        if (count == plane && _planes == 1)
        {
            NativeMemory.Clear(slab, (nuint)((_first - Origin) * Pixel) * sizeof(float));
            float* after = slab + ((_end - Origin) * Pixel);
            NativeMemory.Clear(after, (nuint)(slab + RowFloats - after) * sizeof(float));
        }
        else if (_first > Origin || (_end - Origin) * Pixel < RowFloats)
        {
            ClearBorder(slab, firstChannel, count, plane);
        }

        float* to = slab + ((_first - Origin) * Pixel);
        if (_repeats == 1 && _planes == 1 && count == plane)
        {
            NativeMemory.Copy(image + ((nint)_first * _channels), to, (nuint)((_end - _first) * Pixel) * sizeof(float));
            return;
        }

        for (int column = _first; column < _end; column++, to += Pixel)
            CopyPixel(image + ((nint)column * _channels), to + firstChannel, plane, firstChannel, count);
    }

    private void CopyPixel(float* pixel, float* to, nint plane, int firstChannel, int count)
    {
        if (_planes > 1)
        {
            float* from = pixel + ((nint)firstChannel * _planes);
            for (int i = 0; i < count; i++, from += _planes)
            {
                for (int j = 0; j < _planes; j++)
                    to[(j * plane) + i] = from[j];
            }
        }
        else if (_repeats == 2 && firstChannel % 2 == 0)
        {
            float* from = pixel + (firstChannel / 2);
            int i = 0;
            for (; i + 8 <= count; i += 8, from += 4)
            {
                Vector128<float> values = Vector128.Load(from);
                Vector128.Shuffle(values, Vector128.Create(0, 0, 1, 1)).Store(to + i);
                Vector128.Shuffle(values, Vector128.Create(2, 2, 3, 3)).Store(to + i + 4);
            }

            for (; i < count; i++)
                to[i] = from[i % 8 / 2];
        }
        else if (_repeats > 1)
        {
            (int channel, int repeat) = Math.DivRem(firstChannel, _repeats);
            for (int i = 0; i < count; channel++, repeat = 0)
            {
                float value = pixel[channel];
                for (; repeat < _repeats && i < count; repeat++, i++)
                    to[i] = value;
            }
        }
        else
        {
            float* from = pixel + firstChannel;
            int i = 0;
            for (; i + 4 <= count; i += 4)
                Vector128.Store(Vector128.Load(from + i), to + i);
            for (; i < count; i++)
                to[i] = from[i];
        }
    }

    private void ClearBorder(float* slab, int firstChannel, int count, nint plane)
    {
        nint columns = RowFloats / Pixel;
        for (nint column = 0; column < columns; column++)
        {
            if (column == _first - Origin)
                column = _end - Origin;
            if (column >= columns)
                return;
            for (int j = 0; j < _planes; j++)
                NativeMemory.Clear(slab + (column * Pixel) + (j * plane) + firstChannel, (nuint)count * sizeof(float));
        }
    }
}
