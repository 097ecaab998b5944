using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Onnx.Format;

/// <summary>
/// One dimension of a Resize. Coordinates are computed in single precision, as everyone does: ties of the
/// nearest element are decided by it.
/// </summary>
/// <param name="mode">How places between elements are filled.</param>
/// <param name="input">Elements of the input.</param>
/// <param name="output">Elements of the output.</param>
/// <param name="scale">Elements of the output for one of the input.</param>
/// <param name="length">Elements of the output as aligned corners count them, before they are rounded.</param>
/// <param name="start">The first coordinate of the region, from 0 to 1.</param>
/// <param name="end">The last coordinate of the region.</param>
internal sealed class ResizeAxisRule(ResizeMode mode, int input, int output, float scale, float length, float start, float end)
{
    // What is this near to the middle between two elements lies there: the scale is rounded.
    private const double Tie = 1e-6;

    /// <summary>Elements of the output.</summary>
    public int Output => output;

    /// <summary>Whether places outside the input get a value of their own.</summary>
    public bool IsRegion => mode.Coordinates == "tf_crop_and_resize";

    /// <summary>Whether nothing changes. ONNX Runtime, whose results are expected, heeds no region either where the scale is 1.</summary>
    public bool IsIdentity => scale == 1;

    /// <summary>The factor where every element is simply enlarged by a whole one with half-pixel centres; else 0.</summary>
    public int WholeFactor => output % input == 0 && scale == output / input && IsEnlargement() ? output / input : 0;

    /// <summary>The nearest element of every place; −1 outside.</summary>
    public int[] Nearest()
    {
        var indices = new int[output];
        for (int i = 0; i < output; i++)
        {
            float place = Place(i);
            indices[i] = IsOutside(place) ? -1 : (int)Math.Clamp(Round(place), 0, input - 1);
        }

        return indices;
    }

    /// <summary>The elements that every place reads, and their weights.</summary>
    public InterpolationTable Weights()
    {
        var taps = new ResizeTap[output][];
        var outside = new List<(int First, int Count)>();
        for (int i = 0; i < output; i++)
        {
            float place = Place(i);
            if (!IsOutside(place))
            {
                taps[i] = mode.Mode == "linear" ? Linear(Math.Clamp(place, 0, input - 1)) : Cubic(place);
                continue;
            }

            taps[i] = [new ResizeTap(0, 1)];
            if (outside.Count > 0 && outside[^1].First + outside[^1].Count == i)
                outside[^1] = (outside[^1].First, outside[^1].Count + 1);
            else
                outside.Add((i, 1));
        }

        return new InterpolationTable(ResizeAxis.Of(input, taps), outside);
    }

    private bool IsEnlargement() => mode.Mode switch
    {
        "nearest" => Nearest().Select((index, i) => index == i / (output / input)).All(same => same),
        "linear" => mode.Coordinates is "half_pixel" or "half_pixel_symmetric" || (mode.Coordinates == "pytorch_half_pixel" && output > 1),
        _ => false,
    };

    private bool IsOutside(float place) => IsRegion && (place < 0 || place > input - 1);

    private float Place(int i) => mode.Coordinates switch
    {
        "asymmetric" => i / scale,
        "pytorch_half_pixel" => output > 1 ? ((i + 0.5f) / scale) - 0.5f : 0,
        "tf_half_pixel_for_nn" => (i + 0.5f) / scale,
        "align_corners" => length == 1 ? 0 : i * (float)(input - 1) / (length - 1),
        "tf_crop_and_resize" => output > 1
            ? (start * (input - 1)) + (i * (end - start) * (input - 1) / (output - 1))
            : 0.5f * (start + end) * (input - 1),
        "half_pixel_symmetric" => (float)((input / 2f * (1 - (output / (scale * input)))) + ((i + 0.5) / scale) - 0.5),
        _ => ((i + 0.5f) / scale) - 0.5f,
    };

    private double Round(float place) => mode.Rounding switch
    {
        "simple" => scale < 1 ? Math.Ceiling(place) : Math.Truncate(place),
        "round_prefer_floor" => Math.Ceiling(place - 0.5 - Tie),
        "round_prefer_ceil" => Math.Floor(place + 0.5 + Tie),
        "floor" => Math.Floor(place),
        _ => Math.Ceiling(place),
    };

    private static ResizeTap[] Linear(float place)
    {
        int index = (int)place;
        float after = place - index;
        return after == 0 ? [new ResizeTap(index, 1)] : [new ResizeTap(index, 1 - after), new ResizeTap(index + 1, after)];
    }

    private ResizeTap[] Cubic(float place)
    {
        int index = (int)Math.Floor(place);
        double s = place - index;
        Span<double> weights = [Far(s + 1), Near(s), Near(1 - s), Far(2 - s)];
        var sums = new SortedDictionary<int, double>();
        double total = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            int from = index - 1 + k;
            if (weights[k] == 0 || (mode.ExcludesOutside && (from < 0 || from >= input)))
                continue;
            from = Math.Clamp(from, 0, input - 1);
            sums[from] = sums.GetValueOrDefault(from) + weights[k];
            total += weights[k];
        }

        double factor = mode.ExcludesOutside ? 1 / total : 1;
        return sums.Count == 0
            ? [new ResizeTap(Math.Clamp(index, 0, input - 1), 0)]
            : [.. sums.Select(pair => new ResizeTap(pair.Key, (float)(pair.Value * factor)))];
    }

    private double Near(double t) => ((((mode.CubicA + 2) * t) - (mode.CubicA + 3)) * t * t) + 1;

    private double Far(double t) => ((((mode.CubicA * t) - (5 * mode.CubicA)) * t) + (8 * mode.CubicA)) * t - (4 * mode.CubicA);
}
