namespace CnnFast.Operators;

/// <summary>
/// Pixels of a batch that are read together: rows of one image or several, or a run of the one long row that a pointwise batch is.
/// </summary>
/// <param name="Image">The first image.</param>
/// <param name="Images">Images.</param>
/// <param name="FirstRow">The first output row in each image.</param>
/// <param name="Rows">Output rows in each image.</param>
/// <param name="FirstColumn">The first output column.</param>
/// <param name="Columns">Output columns.</param>
internal readonly record struct PixelChunk(int Image, int Images, int FirstRow, int Rows, nint FirstColumn, int Columns);
