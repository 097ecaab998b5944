namespace CnnFast.Kernels;

/// <summary>Which taps of each window of one axis lie in the image.</summary>
internal readonly struct PoolAxis
{
    private readonly WindowAxis _axis;

    public PoolAxis(in WindowAxis axis)
    {
        _axis = axis;
        if (axis.IsAdaptive)
            return;
        InteriorBegin = Math.Min(axis.Output, (int)(((long)axis.PadBefore + axis.Stride - 1) / axis.Stride));
        long last = (long)axis.Input + axis.PadBefore - axis.Span;
        InteriorEnd = Math.Max(InteriorBegin, (int)Math.Min(axis.Output, last < 0 ? 0 : (last / axis.Stride) + 1));
    }

    /// <summary>The first window that lies in the image with all its taps.</summary>
    public int InteriorBegin { get; }

    /// <summary>Past the last such window.</summary>
    public int InteriorEnd { get; }

    /// <summary>The image position of the first tap that lies in the image.</summary>
    /// <param name="output">The window.</param>
    /// <param name="taps">How many taps lie in the image, from that one on.</param>
    public int First(int output, out int taps)
    {
        if (_axis.IsAdaptive)
        {
            int begin = (int)((long)output * _axis.Input / _axis.Output);
            taps = (int)(((((long)output + 1) * _axis.Input) + _axis.Output - 1) / _axis.Output) - begin;
            return begin;
        }

        long start = ((long)output * _axis.Stride) - _axis.PadBefore;
        if (output >= InteriorBegin && output < InteriorEnd)
        {
            taps = _axis.Window;
            return (int)start;
        }

        long skipped = start >= 0 ? 0 : (-start + _axis.Dilation - 1) / _axis.Dilation;
        long first = start + (skipped * _axis.Dilation);
        taps = (int)Math.Min(_axis.Window - skipped, ((_axis.Input - 1 - first) / _axis.Dilation) + 1);
        return (int)first;
    }

    /// <summary>The first window whose last tap is not before a position of the image.</summary>
    public int FirstReaching(int position)
    {
        if (_axis.IsAdaptive)
            return (int)((long)position * _axis.Output / _axis.Input);
        long least = (long)position + _axis.PadBefore - _axis.Span + 1;
        return least <= 0 ? 0 : (int)((least + _axis.Stride - 1) / _axis.Stride);
    }

    /// <summary>The last window whose first tap is not behind a position of the image.</summary>
    public int LastReaching(int position) => _axis.IsAdaptive
        ? (int)(((((long)position + 1) * _axis.Output) + _axis.Input - 1) / _axis.Input) - 1
        : (int)Math.Min(_axis.Output - 1, ((long)position + _axis.PadBefore) / _axis.Stride);
}
