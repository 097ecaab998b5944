namespace CnnFast.Operators;

/// <summary>One axis of the forward pass: every output position sees all taps.</summary>
internal sealed class ForwardAxis(WindowAxis axis) : IPassAxis
{
    public SourceAxis Source { get; } = new(axis.Input, -axis.PadBefore, axis.Stride, axis.Span, axis.Output);

    public IEnumerable<int> Phases => [0];

    public DestinationAxis Destination(int phase, nint step) => new(0, step, 0, axis.Output);

    public IEnumerable<(int Tap, int Position)> Taps(int phase) => Enumerable.Range(0, axis.Window).Select(k => (k, k * axis.Dilation));
}
