namespace CnnFast.Graphs;

/// <summary>What a <see cref="NormalizeOperation"/> gives.</summary>
internal enum NormalizeResult
{
    /// <summary>The normalised elements.</summary>
    Elements,

    /// <summary>The mean of every group.</summary>
    Mean,

    /// <summary>The variance of every group.</summary>
    Variance,

    /// <summary>1 over the deviation that elements are divided by.</summary>
    InverseDeviation,
}
