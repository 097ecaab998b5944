using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>What the positions of a resized dimension are.</summary>
/// <param name="Axis">The positions of the input that each reads, and their weights.</param>
/// <param name="Outside">Positions that lie outside the input, as runs: first and number.</param>
internal sealed record InterpolationTable(ResizeAxis Axis, IReadOnlyList<(int First, int Count)> Outside)
{
    /// <summary>One position that stays.</summary>
    public static InterpolationTable Identity { get; } = new(ResizeAxis.Of(1, [[new ResizeTap(0, 1)]]), []);
}
