namespace CnnFast.Kernels;

/// <summary>Whole vectors; every tap reads the source.</summary>
internal readonly struct InnerSource : IDepthwiseSource
{
    public static bool IsWhole => true;

    public static bool HasBorder => false;
}

/// <summary>Whole vectors; some taps may fall on padding.</summary>
internal readonly struct BorderSource : IDepthwiseSource
{
    public static bool IsWhole => true;

    public static bool HasBorder => true;
}

/// <summary>Some lanes of a vector, with no memory beyond them touched; some taps may fall on padding.</summary>
internal readonly struct PartSource : IDepthwiseSource
{
    public static bool IsWhole => false;

    public static bool HasBorder => true;
}
