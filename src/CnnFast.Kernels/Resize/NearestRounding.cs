namespace CnnFast.Kernels;

/// <summary>Which pixel is the nearest to a place between two.</summary>
internal enum NearestRounding
{
    /// <summary>The closer one, of two equally close ones the later.</summary>
    PreferCeiling,

    /// <summary>The closer one, of two equally close ones the earlier.</summary>
    PreferFloor,

    /// <summary>The earlier one.</summary>
    Floor,

    /// <summary>The later one.</summary>
    Ceiling,
}
