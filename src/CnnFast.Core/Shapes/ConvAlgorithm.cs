namespace CnnFast;

/// <summary>
/// How convolutions are computed. Winograd's algorithms serve 3×3 filters with stride 1 and no dilation or groups; every other convolution
/// runs direct, whatever is asked for. Transformed filters take 16/9 or 4 times the memory of the filters. All of them are deterministic;
/// they differ in speed and in rounding (docs/numerics.md has the bounds).
/// </summary>
public enum ConvAlgorithm
{
    /// <summary>
    /// The fastest for the shape, by a fixed rule on its sizes; in sessions of large models also on what the transformed filters of all
    /// layers take (docs/performance.md). Forward passes of training leave out <see cref="Winograd4"/>, so that a ReLU stops the gradients
    /// that it stops with <see cref="Direct"/>.
    /// </summary>
    Auto,

    /// <summary>Sums of products, in the order of the definition: the least rounding error.</summary>
    Direct,

    /// <summary>Winograd's F(2×2, 3×3): 16 multiplications for 36, a rounding error about that of <see cref="Direct"/>.</summary>
    Winograd2,

    /// <summary>Winograd's F(4×4, 3×3): 36 multiplications for 144, a rounding error several times that of <see cref="Direct"/>.</summary>
    Winograd4,
}
