using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2, as x times the sigmoid of twice the argument.</summary>
internal readonly struct GELUTanhFunction : IElementFunction
{
    // 2·√(2/π), and that times 0.044715.
    private const float Slope = 1.5957691f;
    private const float Cubic = 0.071354814f;

    public static string Name => "GELUTanh";

    public static string NamePrefix => "gelu_tanh";

    public static Activation Activation => Activation.GELUTanh;

    public static long Cost => 32;

    public static bool IsRectifier => true;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V slope = L.MultiplyAdd(L.Multiply(x, x), L.Create(Cubic), L.Create(Slope));
        return SigmoidFunction.Gate<L, V, I>(L.Multiply(x, slope), x);
    }

    /// <summary>dy · s · (1 + x·z′·(1 − s)) with s = sigmoid(z), z twice the argument of tanh; 0 and dy far out, at infinities
    /// too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V one = L.Create(1f);
        V held = ErrorFunction.Held<L, V, I>(x);
        V square = L.Multiply(held, held);
        V inner = L.Multiply(held, L.MultiplyAdd(square, L.Create(Cubic), L.Create(Slope)));
        V e = Exponential.OfMinusAbsolute<L, V, I>(inner);
        V sum = L.Add(one, e);
        V s = L.Divide(L.SelectGreater(zero, inner, e, one), sum);
        V rest = L.Divide(L.SelectGreater(zero, inner, one, e), sum);
        V turn = L.Multiply(held, L.MultiplyAdd(square, L.Create(3f * Cubic), L.Create(Slope)));
        return L.Multiply(dy, L.Multiply(s, L.MultiplyAdd(turn, rest, one)));
    }
}
