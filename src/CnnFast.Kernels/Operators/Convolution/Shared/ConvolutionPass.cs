namespace CnnFast.Operators;

/// <summary>
/// A convolution in one direction, as its engines see it: windows of a source, and a destination whose pixels see taps of the filter.
/// Forward these are x and y; in the data gradient dy and dx, with the filter flipped and transposed.
/// </summary>
internal sealed class ConvolutionPass
{
    private readonly IPassAxis _rows;
    private readonly IPassAxis _columns;

    /// <summary>Looks at a convolution from one side.</summary>
    /// <param name="geometry">The sizes; N is the largest batch.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="outputPitch">Floats from a pixel of the destination to the next; 0 means its channels.</param>
    /// <exception cref="ShapeException">Pixels would overlap, or the destination would be larger than one buffer can be.</exception>
    public ConvolutionPass(Conv2DGeometry geometry, ConvolutionDirection direction, int outputPitch = 0)
    {
        Geometry = geometry;
        Direction = direction;
        _rows = IsForward ? new ForwardAxis(geometry.Rows) : new BackwardAxis(geometry.Rows);
        _columns = IsForward ? new ForwardAxis(geometry.Columns) : new BackwardAxis(geometry.Columns);
        Source = new SlidingSource(_rows.Source, _columns.Source, IsForward ? geometry.C : geometry.OC);
        Pitch = outputPitch == 0 ? Channels : outputPitch;
        OperatorChecks.Pitch(Name, Pitch, Channels, (long)geometry.N * Rows * Columns, geometry);
    }

    public Conv2DGeometry Geometry { get; }

    public ConvolutionDirection Direction { get; }

    public bool IsForward => Direction == ConvolutionDirection.Forward;

    /// <summary>The name that starts error sentences.</summary>
    public string Name => IsForward ? "Conv2D" : "Conv2DBackwardData";

    /// <summary>What error sentences call the source.</summary>
    public string SourceName => IsForward ? "input" : "dy";

    /// <summary>What error sentences call the destination.</summary>
    public string DestinationName => IsForward ? "output" : "dx";

    /// <summary>How windows read the source.</summary>
    public SlidingSource Source { get; }

    /// <summary>Rows of the destination.</summary>
    public int Rows => IsForward ? Geometry.OH : Geometry.H;

    /// <summary>Columns of the destination.</summary>
    public int Columns => IsForward ? Geometry.OW : Geometry.W;

    /// <summary>Channels of the destination.</summary>
    public int Channels => IsForward ? Geometry.OC : Geometry.C;

    /// <summary>Groups of channels.</summary>
    public int Groups => Geometry.Groups;

    /// <summary>Source channels of a group.</summary>
    public int GroupIn => IsForward ? Geometry.GroupC : Geometry.GroupOC;

    /// <summary>Destination channels of a group.</summary>
    public int GroupOut => IsForward ? Geometry.GroupOC : Geometry.GroupC;

    /// <summary>Floats from a pixel of the destination to the next.</summary>
    public int Pitch { get; }

    /// <summary>Floats from a row of the destination to the next.</summary>
    public nint RowStep => (nint)Columns * Pitch;

    /// <summary>Floats from an image of the destination to the next.</summary>
    public nint ImageStep => Rows * RowStep;

    /// <summary>The forward pass.</summary>
    public static ConvolutionPass Forward(Conv2DGeometry g, int outputPitch = 0) => new(g, ConvolutionDirection.Forward, outputPitch);

    /// <summary>The data gradient.</summary>
    public static ConvolutionPass BackwardData(Conv2DGeometry g, int outputPitch = 0) =>
        new(g, ConvolutionDirection.BackwardData, outputPitch);

    /// <summary>The same convolution in the other direction.</summary>
    public ConvolutionPass Reversed() => IsForward ? BackwardData(Geometry) : Forward(Geometry);

    /// <summary>All phases of the destination.</summary>
    public IEnumerable<TapPhase> Phases() =>
        from row in _rows.Phases
        from column in _columns.Phases
        select new TapPhase(Taps(row, column), _rows.Destination(row, RowStep), _columns.Destination(column, Pitch));

    private FilterTap[] Taps(int rowPhase, int columnPhase) =>
    [
        .. from row in _rows.Taps(rowPhase)
           from column in _columns.Taps(columnPhase)
           select new FilterTap(row.Position, column.Position, row.Tap, column.Tap),
    ];
}
