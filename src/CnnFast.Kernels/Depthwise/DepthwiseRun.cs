namespace CnnFast.Kernels;

/// <summary>One to three taps of a filter row that a tile takes together, in their order.</summary>
/// <param name="Row">Entries of the row table from the output row's first.</param>
/// <param name="Offset">Floats from the start of that source row to the pixel that the first tap of output column 0 reads.</param>
/// <param name="Kind">How many taps, and how the output columns share their pixels.</param>
internal readonly record struct DepthwiseRun(nint Row, nint Offset, DepthwiseRunKind Kind);
