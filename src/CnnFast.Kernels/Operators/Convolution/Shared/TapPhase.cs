namespace CnnFast.Operators;

/// <summary>
/// Destination pixels that all see the same taps: all of them in a forward pass, those of one residue modulo the stride in a data gradient.
/// </summary>
/// <param name="Taps">The taps, by rising row, then column.</param>
/// <param name="Rows">The rows of the pixels.</param>
/// <param name="Columns">The columns of the pixels.</param>
internal sealed record TapPhase(FilterTap[] Taps, DestinationAxis Rows, DestinationAxis Columns);
