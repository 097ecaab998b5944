using System.Numerics.Tensors;

namespace CnnFast.Visualization;

/// <summary>The filters of the first convolution as they change. At most <see cref="MaxPictures"/> are kept; then every second one goes.
/// </summary>
internal sealed class FilterPictures
{
    /// <summary>The most pictures that are kept.</summary>
    public const int MaxPictures = 8;

    private const int MaxFilters = 64;
    private const int MaxSide = 16;
    private const byte Gap = 128;

    private readonly Parameter? _filter;
    private int _stride = 1;

    /// <summary>Finds the filter.</summary>
    public FilterPictures(Model model)
    {
        LayerInfo? layer = model.Layers.FirstOrDefault(layer => layer.Kind is "Conv2D");
        _filter = layer is null ? null : model.Parameters.FirstOrDefault(parameter => parameter.Role == ParameterRole.Filter
            && parameter.Shape.Rank == 4 && parameter.Name.StartsWith(layer.Name + ".", StringComparison.Ordinal));
        Layer = layer?.Name;
        if (_filter is not null && (_filter.Shape[0] > MaxSide || _filter.Shape[1] > MaxSide))
            _filter = null;
    }

    /// <summary>The layer.</summary>
    public string? Layer { get; }

    /// <summary>The pictures, as addresses that hold them, and the epochs.</summary>
    public List<(int Epoch, string Picture)> Pictures { get; } = [];

    /// <summary>Draws the filters as they are after an epoch.</summary>
    public void Draw(int epoch)
    {
        if (_filter is null || epoch % _stride != 0)
            return;
        if (Pictures.Count == MaxPictures)
        {
            _stride *= 2;
            Pictures.RemoveAll(one => one.Epoch % _stride != 0);
            if (epoch % _stride != 0)
                return;
        }

        Pictures.Add((epoch, Draw(_filter).ToDataUri()));
    }

    // A filter is [KH, KW, IC, OC]; of other than three input channels their mean is drawn.
    private static Picture Draw(Parameter filter)
    {
        (int h, int w, int channels, int outputs) = (filter.Shape[0], filter.Shape[1], filter.Shape[2], filter.Shape[3]);
        int count = Math.Min(outputs, MaxFilters);
        int columns = (int)Math.Ceiling(Math.Sqrt(count)), rows = (count + columns - 1) / columns;
        var picture = new Picture((columns * (w + 1)) + 1, (rows * (h + 1)) + 1);
        picture.Pixels.Fill(Gap);
        var tap = new float[h * w * 3];
        for (int k = 0; k < count; k++)
        {
            ReadOnlySpan<float> values = filter.Values;
            for (int i = 0; i < h * w; i++)
            {
                float sum = 0;
                for (int c = 0; c < channels; c++)
                    sum += values[(((i * channels) + c) * outputs) + k];
                for (int c = 0; c < 3; c++)
                    tap[(3 * i) + c] = channels == 3 ? values[(((i * 3) + c) * outputs) + k] : sum / channels;
            }

            float largest = Math.Max(TensorPrimitives.MaxMagnitude<float>(tap), 1e-20f);
            for (int i = 0; i < h * w; i++)
            {
                int y = ((k / columns) * (h + 1)) + 1 + (i / w), x = ((k % columns) * (w + 1)) + 1 + (i % w);
                Span<byte> pixel = picture.Pixels.Slice(3 * ((y * picture.Width) + x), 3);
                for (int c = 0; c < 3; c++)
                    pixel[c] = (byte)Math.Clamp(127.5f + (127.5f * tap[(3 * i) + c] / largest), 0, 255);
            }
        }

        return picture;
    }
}
