namespace CnnFast.Kernels;

/// <summary>What a depthwise tile may meet in its source, as constants of the compiled code.</summary>
internal interface IDepthwiseSource
{
    /// <summary>Whether the tile works on whole vectors of channels.</summary>
    static abstract bool IsWhole { get; }

    /// <summary>Whether taps may fall on columns of padding.</summary>
    static abstract bool HasBorder { get; }
}
