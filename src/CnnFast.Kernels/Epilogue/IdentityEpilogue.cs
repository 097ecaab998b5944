using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>Leaves the output as it is.</summary>
internal readonly struct IdentityEpilogue : IEpilogue
{
    public static Vector256<float> Apply(Vector256<float> x) => x;

    public static Vector128<float> Apply(Vector128<float> x) => x;

    public static float Apply(float x) => x;
}
