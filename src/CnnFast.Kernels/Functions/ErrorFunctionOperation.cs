using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// erf(x): an odd polynomial up to 0.921875, above it 1 − e^−p(|x|), which is 1 from 3.925 on (coefficients of N. Juffa). Relative error a few units of the last place, small arguments too; a NaN stays a NaN.
/// </summary>
internal readonly struct ErrorFunctionOperation : IActivationOperation
{
    private const float Split = 0.921875f;
    private const float Highest = 3.925f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => Invoke<L, V, I>(x);

    /// <summary>erf(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x)
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
}
