using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// erf(x): an odd polynomial up to 0.921875, above it 1 − e^−p(|x|), which is 1 from 3.925 on (coefficients of N. Juffa).
/// Relative error a few units of the last place, small arguments too; a NaN stays a NaN.
/// </summary>
internal readonly struct ErrorFunction : IElementFunction
{
    private const float Split = 0.921875f;
    private const float Highest = 3.925f;

    // 2/√π.
    private const float SlopeAtZero = 1.12837917f;

    // Past this |x| every bell here is 0, and the square of no larger number is needed.
    private const float Farthest = 16f;

    public static string Name => "ErrorFunction";

    public static string NamePrefix => "error_function";

    public static long Cost => 32;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V size = L.SelectGreater(zero, x, L.Subtract(zero, x), x);
        V square = L.Multiply(x, x);
        V small = L.Create(-5.99104969e-4f);
        small = L.MultiplyAdd(small, square, L.Create(4.99339588e-3f));
        small = L.MultiplyAdd(small, square, L.Create(-2.67667342e-2f));
        small = L.MultiplyAdd(small, square, L.Create(1.12818025e-1f));
        small = L.MultiplyAdd(small, square, L.Create(-3.76124859e-1f));
        small = L.MultiplyAdd(small, square, L.Create(1.28379151e-1f));
        small = L.MultiplyAdd(small, x, x);

        V held = L.Min(size, L.Create(Highest));
        V large = L.Create(1.72948930e-5f);
        large = L.MultiplyAdd(large, held, L.Create(-3.83208680e-4f));
        large = L.MultiplyAdd(large, held, L.Create(3.88393435e-3f));
        large = L.MultiplyAdd(large, held, L.Create(-2.42545605e-2f));
        large = L.MultiplyAdd(large, held, L.Create(1.06777847e-1f));
        large = L.MultiplyAdd(large, held, L.Create(6.34846687e-1f));
        large = L.MultiplyAdd(large, held, L.Create(1.28717512e-1f));
        large = L.MultiplyAdd(large, held, held);
        large = L.Subtract(L.Create(1f), Exponential.Invoke<L, V, I>(L.Subtract(zero, large)));
        large = L.SelectGreater(zero, x, L.Subtract(zero, large), large);
        return L.SelectGreater(size, L.Create(Split), large, small);
    }

    /// <summary>dy · 2/√π · e^−x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Multiply(dy, Bell<L, V, I>(x, L.Create(-1f), L.Create(SlopeAtZero)));

    /// <summary>height · e^(exponent·x²), for exponents of −1/2 and below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Bell<L, V, I>(V x, V exponent, V height)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V held = Held<L, V, I>(x);
        return L.Multiply(height, Exponential.Invoke<L, V, I>(L.Multiply(exponent, L.Multiply(held, held))));
    }

    /// <summary>x between −16 and 16; a NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Held<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Min(L.Max(x, L.Create(-Farthest)), L.Create(Farthest));
}
