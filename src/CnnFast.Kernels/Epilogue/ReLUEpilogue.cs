using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>x &lt; 0 ? 0 : x, so that NaN and −0 pass through alike on every tier.</summary>
internal readonly struct ReLUEpilogue : IEpilogue
{
    public static Vector256<float> Apply(Vector256<float> x) => Vector256.AndNot(x, Vector256.LessThan(x, Vector256<float>.Zero));

    public static Vector128<float> Apply(Vector128<float> x) => Vector128.AndNot(x, Vector128.LessThan(x, Vector128<float>.Zero));

    public static float Apply(float x) => x < 0 ? 0 : x;
}
