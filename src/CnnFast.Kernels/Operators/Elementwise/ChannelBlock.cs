namespace CnnFast.Operators;

/// <summary>A part of a <see cref="ChannelCut"/>: a contiguous matrix.</summary>
/// <param name="Start">Its first float in the tensor.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns, all of the cut's except in the last part.</param>
internal readonly record struct ChannelBlock(nint Start, nint Rows, nint Columns);
