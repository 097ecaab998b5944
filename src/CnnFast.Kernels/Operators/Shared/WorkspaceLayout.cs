namespace CnnFast.Operators;

/// <summary>How operators lay out their workspace: a shared part, then one part a worker, each at a 64-byte boundary.</summary>
internal static unsafe class WorkspaceLayout
{
    private const int Alignment = AlignedBuffer<byte>.Alignment;
    private const int AlignmentFloats = Alignment / sizeof(float);

    /// <summary>Rounds a number of floats up to whole 64-byte lines.</summary>
    public static nint AlignFloats(nint floats) => checked(floats + AlignmentFloats - 1) & ~(nint)(AlignmentFloats - 1);

    /// <summary>The first 64-byte boundary in a workspace.</summary>
    public static float* Align(byte* workspace) => (float*)(((nuint)workspace + Alignment - 1) & ~(nuint)(Alignment - 1));

    /// <summary>Bytes of a whole workspace, slack for alignment included.</summary>
    /// <exception cref="ShapeException">The workspace is larger than one buffer can be.</exception>
    public static int Bytes(nint sharedFloats, nint workerFloats, int threads)
    {
        Int128 bytes = (((Int128)sharedFloats + ((Int128)workerFloats * threads)) * sizeof(float)) + Alignment;
        return bytes <= Array.MaxLength - Alignment
            ? (int)bytes
            : throw new ShapeException($"The operator needs a workspace of {bytes} bytes for {threads} threads, " +
                $"more than the {Array.MaxLength - Alignment} that one buffer can hold.");
    }
}
