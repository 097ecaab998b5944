namespace CnnFast.Graphs;

/// <summary>The alignment of everything in an arena: 64 bytes.</summary>
internal static class ArenaAlignment
{
    /// <summary>Floats between two aligned places.</summary>
    public const int Floats = AlignedBuffer<float>.Alignment / sizeof(float);

    /// <summary>The next aligned place at or after a length.</summary>
    public static long RoundUp(long length) => (length + Floats - 1) / Floats * Floats;
}
