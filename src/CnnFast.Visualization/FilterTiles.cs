using System.Globalization;

namespace CnnFast.Visualization;

/// <summary>The filters of a convolution as tiles: those of three input channels in colour, others the kernels of their channels.</summary>
internal static class FilterTiles
{
    private const int MaxKernels = 16;

    /// <summary>The facts and the tiles of the strongest filters, by mean absolute weight.</summary>
    public static (string Facts, IReadOnlyList<Tile> Tiles) Of(Parameter filter, int count)
    {
        ReadOnlySpan<float> values = filter.Values;
        (int h, int w, int inputs, int outputs) = (filter.Shape[0], filter.Shape[1], filter.Shape[2], filter.Shape[3]);
        var whole = new LayerValues(filter.Name, "", new Shape(h * w, inputs, outputs), values.ToArray());
        IReadOnlyList<int> strongest = whole.StrongestChannels(count);
        var scale = ColorScale.Of(values);
        float limit = MathF.Max(MathF.Abs(whole.Minimum), MathF.Abs(whole.Maximum));
        IReadOnlyList<int> kernels = KernelsOf(whole, inputs);
        var tiles = new List<Tile>();
        foreach (int output in strongest)
        {
            string label = output.ToString(CultureInfo.InvariantCulture);
            tiles.Add(inputs == 3 ? Colour(label, whole, h, w, output, limit) : Mosaic(label, whole, h, w, kernels, output, scale));
        }

        string many = strongest.Count < outputs
            ? $"the strongest {strongest.Count} of {outputs} filters by mean absolute weight"
            : $"{outputs} filters";
        string what = inputs == 3
            ? $"red, green and blue from {ColorScale.Number(-limit)} to {ColorScale.Number(limit)}"
            : scale.Words + (inputs == 1 ? "" : kernels.Count < inputs
                ? $"; of each the kernels of the {kernels.Count} input channels of {inputs} with the largest weights"
                : $"; of each the kernels of its {inputs} input channels");
        return ($"{many} of {h}x{w}, {what}", tiles);
    }

    private static IReadOnlyList<int> KernelsOf(LayerValues whole, int inputs)
    {
        if (inputs <= MaxKernels)
            return [.. Enumerable.Range(0, inputs)];
        int taps = whole.Shape[0];
        int outputs = whole.Shape[2];
        var sums = new double[inputs];
        ReadOnlySpan<float> values = whole.Values.Span;
        for (int i = 0; i < values.Length; i++)
            sums[i / outputs % inputs] += Math.Abs(values[i]) / taps;
        return [.. Enumerable.Range(0, inputs).OrderByDescending(input => sums[input]).Take(MaxKernels).Order()];
    }

    private static Tile Colour(string label, LayerValues whole, int h, int w, int output, float limit)
    {
        var colors = new Rgb[h * w];
        for (int i = 0; i < colors.Length; i++)
            colors[i] = new Rgb(Part(whole, i, 0, output, limit), Part(whole, i, 1, output, limit), Part(whole, i, 2, output, limit));
        return new Tile(label, w, h, colors);
    }

    private static byte Part(LayerValues whole, int tap, int input, int output, float limit) =>
        limit == 0 ? (byte)128 : (byte)Math.Clamp(MathF.Round(127.5f + (127.5f * Value(whole, tap, input, output) / limit)), 0, 255);

    private static Tile Mosaic(string label, LayerValues whole, int h, int w, IReadOnlyList<int> kernels, int output, ColorScale scale)
    {
        int columns = (int)Math.Ceiling(Math.Sqrt(kernels.Count));
        int rows = (kernels.Count + columns - 1) / columns;
        int width = columns * w;
        var colors = new Rgb[width * rows * h];
        Array.Fill(colors, Rgb.Paper);
        for (int k = 0; k < kernels.Count; k++)
        {
            (int row, int column) = Math.DivRem(k, columns);
            for (int tap = 0; tap < h * w; tap++)
            {
                (int y, int x) = Math.DivRem(tap, w);
                colors[(((row * h) + y) * width) + (column * w) + x] = scale.Color(Value(whole, tap, kernels[k], output));
            }
        }

        return h == 1 && w == 1
            ? new Tile(label, width, rows, colors)
            : new Tile(label, width, rows * h, colors, columns, rows);
    }

    private static float Value(LayerValues whole, int tap, int input, int output) =>
        whole.Values.Span[(((tap * whole.Shape[1]) + input) * whole.Shape[2]) + output];
}
