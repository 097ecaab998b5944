namespace CnnFast.Operators;

/// <summary>
/// One axis of a depthwise convolution, as its outputs see the source: output i, which lies at Destination + i·DestinationStep, reads
/// source position i·Step + Offsets[k] through filter tap Taps[k].
/// </summary>
internal sealed class DepthwiseAxis
{
    private DepthwiseAxis(int source, int count, int step, int destination, int destinationStep, IEnumerable<(int Tap, int Offset)> taps)
    {
        Source = source;
        Count = count;
        Step = step;
        Destination = destination;
        DestinationStep = destinationStep;
        Taps = [.. taps.Select(tap => tap.Tap)];
        Offsets = [.. taps.Select(tap => tap.Offset)];
        Least = Offsets.Length == 0 ? 0 : Offsets.Min();
        Most = Offsets.Length == 0 ? 0 : Offsets.Max();
        InsideFirst = (int)Math.Min(count, Least >= 0 ? 0 : (-(long)Least + step - 1) / step);
        long last = (long)source - 1 - Most;
        InsideEnd = (int)Math.Clamp(last < 0 ? 0 : (last / step) + 1, InsideFirst, count);
    }

    /// <summary>Positions of the source.</summary>
    public int Source { get; }

    /// <summary>Outputs.</summary>
    public int Count { get; }

    /// <summary>Source positions between two outputs.</summary>
    public int Step { get; }

    /// <summary>Where the first output lies.</summary>
    public int Destination { get; }

    /// <summary>Positions between two outputs.</summary>
    public int DestinationStep { get; }

    /// <summary>The filter's taps, in the order of the terms.</summary>
    public int[] Taps { get; }

    /// <summary>The source position that output 0 reads through each tap; negative or past the end on padding.</summary>
    public int[] Offsets { get; }

    /// <summary>The least of the offsets.</summary>
    public int Least { get; }

    /// <summary>The greatest of the offsets.</summary>
    public int Most { get; }

    /// <summary>The first output whose taps all read the source.</summary>
    public int InsideFirst { get; }

    /// <summary>The end of the outputs whose taps all read the source.</summary>
    public int InsideEnd { get; }

    /// <summary>The axis of a forward pass.</summary>
    public static DepthwiseAxis Forward(WindowAxis axis) => new(
        axis.Input,
        axis.Output,
        axis.Stride,
        0,
        1,
        Enumerable.Range(0, axis.Window).Select(k => (k, (k * axis.Dilation) - axis.PadBefore)));

    /// <summary>
    /// The axes of a data gradient, one for each residue modulo the stride that has positions. Input position i reads output position
    /// (i + pad − k·dilation) / stride through each tap k that divides evenly, the last tap first.
    /// </summary>
    public static DepthwiseAxis[] Backward(WindowAxis axis)
    {
        var phases = new DepthwiseAxis[Math.Min(axis.Input, axis.Stride)];
        for (int first = 0; first < phases.Length; first++)
        {
            int padded = first + axis.PadBefore;
            IEnumerable<(int, int)> taps = Enumerable.Range(0, axis.Window)
                .Select(k => axis.Window - 1 - k)
                .Where(k => (padded - (k * axis.Dilation)) % axis.Stride == 0)
                .Select(k => (k, (padded - (k * axis.Dilation)) / axis.Stride));
            phases[first] = new DepthwiseAxis(axis.Output, ((axis.Input - 1 - first) / axis.Stride) + 1, 1, first, axis.Stride, [.. taps]);
        }

        return phases;
    }
}
