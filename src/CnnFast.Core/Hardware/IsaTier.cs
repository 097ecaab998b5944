namespace CnnFast;

/// <summary>One row of <see cref="IsaTiers"/>.</summary>
/// <param name="Level">The tier.</param>
/// <param name="IsSupported">Whether the processor and the runtime run its kernels.</param>
/// <param name="Lower">The tier whose kernels serve where this one has none; null for the lowest.</param>
internal sealed record IsaTier(IsaLevel Level, bool IsSupported, IsaLevel? Lower);
