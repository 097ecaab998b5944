namespace CnnFast.Kernels;

/// <summary>Whole vectors; every tap reads the source.</summary>
internal readonly struct InnerSource : IDepthwiseSource;

/// <summary>Whole vectors; some taps may fall on padding.</summary>
internal readonly struct BorderSource : IDepthwiseSource;

/// <summary>Some lanes of a vector, with no memory beyond them touched; some taps may fall on padding.</summary>
internal readonly struct PartSource : IDepthwiseSource;
