namespace CnnFast.Kernels;

/// <summary>One to five taps of a filter row that a tile takes together, in their order.</summary>
/// <param name="Row">Entries of the row table from the output row's first.</param>
/// <param name="Offset">Floats from the start of that source row to the position that the first tap of output column 0 reads.</param>
/// <param name="Column">The source column of that position; negative on padding.</param>
/// <param name="Taps">The number of taps.</param>
/// <param name="Kind">How the output columns share their source vectors.</param>
internal readonly record struct DepthwiseRun(nint Row, nint Offset, nint Column, nint Taps, DepthwiseRunKind Kind);
