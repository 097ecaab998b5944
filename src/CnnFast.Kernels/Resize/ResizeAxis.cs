namespace CnnFast.Kernels;

/// <summary>
/// What each position of a resized axis reads: position o the taps Begins[o] … Begins[o + 1] − 1, in the order of their indices. Places are
/// computed in double; those outside the image are those of its first or last pixel. Bilinear: with x the place and i = ⌊x⌋, (1 − (x −
/// i))·pixel i + (x − i)·pixel i + 1.
/// </summary>
internal sealed class ResizeAxis
{
    private ResizeAxis(int input, int[] begins, ResizeTap[] taps)
    {
        Input = input;
        Begins = begins;
        Taps = taps;
    }

    /// <summary>Positions of the original.</summary>
    public int Input { get; }

    /// <summary>Positions of the result.</summary>
    public int Output => Begins.Length - 1;

    /// <summary>The first tap of each position, and the number of all taps at the end.</summary>
    public int[] Begins { get; }

    /// <summary>The taps.</summary>
    public ResizeTap[] Taps { get; }

    /// <summary>Whether every position is one of the original, unchanged.</summary>
    public bool IsSelection =>
        Taps.Length == Output && Taps.All(tap => tap.Weight == 1f) && Begins.Select((begin, o) => begin == o).All(same => same);

    /// <summary>The taps of an axis.</summary>
    /// <param name="input">Positions of the original.</param>
    /// <param name="output">Positions of the result.</param>
    /// <param name="scale">Output positions a position of the input; output / input, unless the caller's rule says otherwise.</param>
    /// <param name="interpolation">How places between pixels are filled.</param>
    /// <param name="coordinates">Where a position lies on the original.</param>
    /// <param name="rounding">Which pixel is the nearest; read with <see cref="Interpolation.Nearest"/> only.</param>
    public static ResizeAxis Create(int input, int output, double scale, Interpolation interpolation, ResizeCoordinates coordinates,
        NearestRounding rounding)
    {
        var begins = new int[output + 1];
        var taps = new List<ResizeTap>(output);
        for (int o = 0; o < output; o++)
        {
            double place = coordinates switch
            {
                // Of whole numbers, so that a place halfway between two pixels is exactly that.
                ResizeCoordinates.HalfPixel when scale == (double)output / input =>
                    ((((2L * o) + 1) * input) - output) / (2.0 * output),
                ResizeCoordinates.HalfPixel => ((o + 0.5) / scale) - 0.5,
                ResizeCoordinates.AlignCorners => output == 1 ? 0 : (double)o * (input - 1) / (output - 1),
                _ => o / scale,
            };
            if (interpolation == Interpolation.Nearest)
                taps.Add(new ResizeTap((int)Math.Clamp(Round(place, rounding), 0, input - 1), 1f));
            else
                AddNeighbours(taps, Math.Clamp(place, 0, input - 1));
            begins[o + 1] = taps.Count;
        }

        return new ResizeAxis(input, begins, [.. taps]);
    }

    /// <summary>An axis by any rule.</summary>
    /// <param name="input">Positions of the original.</param>
    /// <param name="taps">The taps of every position of the result; one without taps is 0.</param>
    public static ResizeAxis Of(int input, IReadOnlyList<ResizeTap[]> taps)
    {
        var begins = new int[taps.Count + 1];
        for (int o = 0; o < taps.Count; o++)
            begins[o + 1] = begins[o] + taps[o].Length;
        return new ResizeAxis(input, begins, [.. taps.SelectMany(position => position)]);
    }

    /// <summary>The axis of the gradient: which results each position of the original was read by.</summary>
    public ResizeAxis Transpose()
    {
        var begins = new int[Input + 1];
        foreach (ResizeTap tap in Taps)
            begins[tap.Index + 1]++;
        for (int i = 0; i < Input; i++)
            begins[i + 1] += begins[i];
        int[] next = begins[..^1];
        var taps = new ResizeTap[Taps.Length];
        for (int o = 0; o < Output; o++)
        {
            for (int k = Begins[o]; k < Begins[o + 1]; k++)
                taps[next[Taps[k].Index]++] = new ResizeTap(o, Taps[k].Weight);
        }

        return new ResizeAxis(Output, begins, taps);
    }

    private static double Round(double place, NearestRounding rounding) => rounding switch
    {
        NearestRounding.PreferCeiling => Math.Floor(place + 0.5),
        NearestRounding.PreferFloor => Math.Ceiling(place - 0.5),
        NearestRounding.Floor => Math.Floor(place),
        _ => Math.Ceiling(place),
    };

    // A place on a pixel reads that pixel alone, so that an infinity next to it does no harm.
    private static void AddNeighbours(List<ResizeTap> taps, double place)
    {
        int index = (int)place;
        float after = (float)(place - index);
        if (after == 0)
        {
            taps.Add(new ResizeTap(index, 1f));
            return;
        }

        taps.Add(new ResizeTap(index, (float)(1 - (place - index))));
        taps.Add(new ResizeTap(index + 1, after));
    }
}
