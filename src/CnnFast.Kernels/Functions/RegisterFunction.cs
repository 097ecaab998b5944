namespace CnnFast.Kernels;

/// <summary>What a tile does to its sums in registers.</summary>
internal enum RegisterFunction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>x &lt; 0 ? 0 : x.</summary>
    ReLU,

    /// <summary>min(max(x, 0), 6).</summary>
    ReLU6,
}
