namespace CnnFast.Operators;

/// <summary>
/// One axis of a <see cref="ConvolutionPass"/>: a grid of windows over the source. Positions of the destination that
/// see the same taps are a phase.
/// </summary>
internal interface IPassAxis
{
    /// <summary>How the grid reads the source.</summary>
    SourceAxis Source { get; }

    /// <summary>The phases that have positions.</summary>
    IEnumerable<int> Phases { get; }

    /// <summary>Where the positions of a phase lie in a destination whose positions are <paramref name="step"/> floats apart.</summary>
    DestinationAxis Destination(int phase, nint step);

    /// <summary>The taps that a phase sees, by rising position in its window of the source.</summary>
    IEnumerable<(int Tap, int Position)> Taps(int phase);
}
