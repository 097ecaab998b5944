using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x · sigmoid(x).</summary>
internal readonly struct SiLUFunction : IElementFunction
{
    // Past this |x| the derivative is 0 or 1.
    private const float Farthest = 128f;

    public static string Name => "SiLU";

    public static string NamePrefix => "silu";

    public static Activation Activation => Activation.SiLU;

    public static long Cost => 32;

    public static bool IsRectifier => true;

    public static int FileVersion => 1;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => SigmoidFunction.Gate<L, V, I>(x, x);

    /// <summary>
    /// dy · s · (1 + x·(1 − s)) with s = sigmoid(x), both s and 1 − s from e^−|x| so that neither loses its digits; 0 and dy far out, at
    /// infinities too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V one = L.Create(1f);
        x = L.Min(L.Max(x, L.Create(-Farthest)), L.Create(Farthest));
        V e = Exponential.OfMinusAbsolute<L, V, I>(x);
        V sum = L.Add(one, e);
        V s = L.Divide(L.SelectGreater(zero, x, e, one), sum);
        V rest = L.Divide(L.SelectGreater(zero, x, one, e), sum);
        return L.Multiply(dy, L.Multiply(s, L.MultiplyAdd(x, rest, one)));
    }
}
