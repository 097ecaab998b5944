namespace CnnFast.Operators;

/// <summary>
/// One axis of the data gradient. Input position i with (i + pad) = q·stride + r sees the taps k whose k·dilation ≡ r (mod stride), each at
/// output position q − (k·dilation − r) / stride. Grid position g is q = g + (least q); residue r is the phase.
/// </summary>
internal sealed class BackwardAxis : IPassAxis
{
    private readonly WindowAxis _axis;
    private readonly int _leastQ;
    private readonly int _mostShift;

    public BackwardAxis(WindowAxis axis)
    {
        _axis = axis;
        _leastQ = axis.PadBefore / axis.Stride;
        _mostShift = (axis.Window - 1) * axis.Dilation / axis.Stride;
        int mostQ = (axis.Input - 1 + axis.PadBefore) / axis.Stride;
        Source = new SourceAxis(axis.Output, _leastQ - _mostShift, 1, _mostShift + 1, mostQ - _leastQ + 1);
    }

    public SourceAxis Source { get; }

    /// <summary>The phases that have positions, at most as many as the input has.</summary>
    public IEnumerable<int> Phases
    {
        get
        {
            for (int i = 0; i < Math.Min(_axis.Input, _axis.Stride); i++)
                yield return (int)(((long)_axis.PadBefore + i) % _axis.Stride);
        }
    }

    public DestinationAxis Destination(int phase, nint step)
    {
        long origin = ((long)_leastQ * _axis.Stride) + phase - _axis.PadBefore;
        long first = origin >= 0 ? 0 : (-origin + _axis.Stride - 1) / _axis.Stride;
        long end = ((_axis.Input - 1 - origin) / _axis.Stride) + 1;
        return new DestinationAxis((nint)origin * step, _axis.Stride * step, (int)first, (int)(end - first));
    }

    public IEnumerable<(int Tap, int Position)> Taps(int phase)
    {
        for (int k = _axis.Window - 1; k >= 0; k--)
        {
            int reach = k * _axis.Dilation;
            if (reach % _axis.Stride == phase)
                yield return (k, _mostShift - ((reach - phase) / _axis.Stride));
        }
    }
}
