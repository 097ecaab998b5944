namespace CnnFast.Operators;

/// <summary>One tap of a filter, as a window of the source meets it.</summary>
/// <param name="Row">Source rows from the window's start.</param>
/// <param name="Column">Source columns from the window's start.</param>
/// <param name="KH">Filter row that it multiplies by.</param>
/// <param name="KW">Filter column that it multiplies by.</param>
internal readonly record struct FilterTap(int Row, int Column, int KH, int KW);
