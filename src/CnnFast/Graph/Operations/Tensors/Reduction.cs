namespace CnnFast.Graphs;

/// <summary>What becomes of the elements that a reduction takes together.</summary>
internal enum Reduction
{
    /// <summary>Σ x.</summary>
    Sum,

    /// <summary>Σ x / n.</summary>
    Mean,

    /// <summary>The largest one; NaN where one is.</summary>
    Maximum,

    /// <summary>The smallest one; NaN where one is.</summary>
    Minimum,

    /// <summary>Π x.</summary>
    Product,

    /// <summary>Σ |x|.</summary>
    L1,

    /// <summary>√Σ x².</summary>
    L2,

    /// <summary>Σ x².</summary>
    SumOfSquares,

    /// <summary>ln Σ x.</summary>
    LogSum,

    /// <summary>ln Σ eˣ.</summary>
    LogSumExp,
}
