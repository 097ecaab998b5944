namespace CnnFast.Kernels;

/// <summary>Which taps of each window of one axis lie in the image.</summary>
internal readonly struct PoolAxis
{
    private readonly WindowAxis _axis;

    public PoolAxis(in WindowAxis axis)
    {
        _axis = axis;
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
}
