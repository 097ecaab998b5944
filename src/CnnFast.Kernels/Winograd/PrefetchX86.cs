using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CnnFast.Kernels;

/// <summary>
/// Asks for memory ahead of its use, where the processor has an instruction for that; an address that is not mapped does no harm.
/// </summary>
internal static unsafe class PrefetchX86
{
    private const int LineFloats = 16;

    /// <summary>Brings a stretch of floats into the level-2 cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToLevel2(float* from, nint count)
    {
        if (!Sse.IsSupported)
            return;
        for (nint i = 0; i < count; i += LineFloats)
            Sse.Prefetch1(from + i);
    }
}
