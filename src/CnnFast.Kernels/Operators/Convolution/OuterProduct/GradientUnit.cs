namespace CnnFast.Operators;

/// <summary>
/// What one unit of a filter gradient works with: its sums, its worker's memory, and the part of the filter that it computes.
/// </summary>
internal readonly unsafe struct GradientUnit
{
    /// <summary>The sums of the filter.</summary>
    public required float* Sums { get; init; }

    /// <summary>The sums of the bias.</summary>
    public required float* BiasSums { get; init; }

    /// <summary>The worker's copy of x.</summary>
    public required float* Slab { get; init; }

    /// <summary>The worker's panel of dy.</summary>
    public required float* Packed { get; init; }

    /// <summary>A tile, or the sums of the columns of dy.</summary>
    public required float* Scratch { get; init; }

    /// <summary>Its panels, counted over all groups.</summary>
    public required (int First, int End) Panels { get; init; }

    /// <summary>Its tiles of each panel.</summary>
    public required (int First, int End) Tiles { get; init; }

    /// <summary>The blocks of channels that it reads, where x is copied into blocks.</summary>
    public required (int First, int Count) Channels { get; init; }
}
