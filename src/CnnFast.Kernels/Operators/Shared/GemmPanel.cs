using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>Columns of a group that one tile computes.</summary>
/// <param name="Kernel">The tile.</param>
/// <param name="Column">The first column, counted from the group's start.</param>
/// <param name="Columns">Columns that exist, at most the tile's NR.</param>
/// <param name="Packed">Packed columns before it, counted from the group's start.</param>
internal readonly record struct GemmPanel(GemmKernel Kernel, int Column, int Columns, int Packed);
