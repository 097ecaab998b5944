using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x · (1 + erf(x / √2)) / 2.</summary>
internal readonly struct GELUFunction : IElementFunction
{
    private const float RootOfHalf = 0.70710678f;

    // 1/√(2π).
    private const float HeightOfNormal = 0.398942280f;

    public static string Name => "GELU";

    public static string NamePrefix => "gelu";

    public static Activation Activation => Activation.GELU;

    public static long Cost => 32;

    public static bool IsRectifier => true;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V error = ErrorFunction.Forward<L, V, I>(L.Multiply(x, L.Create(RootOfHalf)), alpha, beta);
        return L.Multiply(L.Multiply(x, L.Create(0.5f)), L.Add(error, L.Create(1f)));
    }

    /// <summary>dy · (Φ(x) + x·φ(x)), the normal distribution and its density; 0 and dy far out, at infinities too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V half = L.Create(0.5f);
        V error = ErrorFunction.Forward<L, V, I>(L.Multiply(x, L.Create(RootOfHalf)), alpha, beta);
        V bell = ErrorFunction.Bell<L, V, I>(x, L.Create(-0.5f), L.Create(HeightOfNormal));
        return L.Multiply(dy, L.MultiplyAdd(ErrorFunction.Held<L, V, I>(x), bell, L.MultiplyAdd(error, half, half)));
    }
}
