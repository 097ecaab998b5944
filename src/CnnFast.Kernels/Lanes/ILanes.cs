namespace CnnFast.Kernels;

/// <summary>
/// The vector operations of one tier, so that a kernel is written once and compiled for every width.
/// <typeparamref name="V"/> and <typeparamref name="I"/> are the real vector types, not wrappers: all of it inlines to single instructions.
/// Every operation works lane by lane with one rounding where noted, so two tiers that agree on
/// <see cref="MultiplyAdd"/> give the same bits.
/// </summary>
/// <typeparam name="V">Vector of floats.</typeparam>
/// <typeparam name="I">Vector of 32-bit integers with as many lanes.</typeparam>
internal unsafe interface ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Vector registers that a kernel may fill before it spills.</summary>
    static abstract int Registers { get; }

    /// <summary>Whether <see cref="MultiplyAdd"/> rounds once.</summary>
    static abstract bool IsFused { get; }

    static abstract V Load(float* source);

    /// <summary>Loads <paramref name="count"/> lanes (1 to Count − 1) and touches no other memory; the rest is zero.</summary>
    static abstract V LoadPartial(float* source, nint count);

    static abstract void Store(float* destination, V value);

    /// <summary>
    /// Stores past the caches where a vector is a whole line of them; <paramref name="destination"/> is a multiple of 64 bytes then.
    /// </summary>
    static abstract void StoreStreaming(float* destination, V value);

    /// <summary>Stores <paramref name="count"/> lanes (1 to Count − 1) and touches no other memory.</summary>
    static abstract void StorePartial(float* destination, V value, nint count);

    /// <summary>Asks for a line of memory that will be read or written soon; never faults, and may do nothing.</summary>
    static virtual void Prefetch(float* address)
    {
    }

    static abstract V Create(float value);

    static abstract float First(V value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    static abstract V Sqrt(V a);

    /// <summary>a·b + c: with one rounding in tiers with fused multiply-add, else with two.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>Whether <see cref="Scale"/> is one instruction here.</summary>
    static virtual bool HasScale => false;

    /// <summary>a·2^n for a whole n, rounded once, also where the result is below 2⁻¹²⁶.</summary>
    static virtual V Scale(V a, V n) => throw new NotSupportedException();

    /// <summary>a &gt; b ? x : y (a NaN compares false).</summary>
    static abstract V SelectGreater(V a, V b, V x, V y);

    /// <summary>x &gt; accumulator ? x : accumulator.</summary>
    static abstract V Max(V accumulator, V x);

    /// <summary>x &lt; accumulator ? x : accumulator.</summary>
    static abstract V Min(V accumulator, V x);

    /// <summary>
    /// x where it is greater than the accumulator or a NaN, else the accumulator: a NaN stays, the first of equals stays.
    /// </summary>
    static abstract V MaxOrNaN(V accumulator, V x);

    /// <summary>value equals reference, or value is a NaN, ? x : y.</summary>
    static abstract V SelectEqualOrNaN(V value, V reference, V x, V y);

    /// <summary>Whether no lane is a NaN.</summary>
    static abstract bool IsOrdered(V value);

    /// <summary>Adds the upper half of the lanes to the lower half until one is left.</summary>
    static abstract float TreeSum(V value);

    /// <summary>The largest lane; unspecified where one is a NaN.</summary>
    static abstract float TreeMax(V value);

    static abstract I CreateInt(int value);

    /// <summary>0, 1, 2, …</summary>
    static abstract I Indices { get; }

    static abstract I AddInt(I a, I b);

    static abstract I SubtractInt(I a, I b);

    static abstract I MultiplyInt(I a, I b);

    static abstract I And(I a, I b);

    static abstract I Xor(I a, I b);

    static abstract I ShiftLeft(I a, int bits);

    static abstract I ShiftRightLogical(I a, int bits);

    static abstract I ShiftRightArithmetic(I a, int bits);

    /// <summary>a &gt; b, as signed integers, ? x : y.</summary>
    static abstract V SelectGreaterInt(I a, I b, V x, V y);

    static abstract I BitsOf(V value);

    static abstract V FromBits(I bits);

    /// <summary>source[indices[0]], source[indices[1]], …</summary>
    static virtual V Gather(float* source, I indices)
    {
        V result = default;
        var from = (int*)&indices;
        var to = (float*)&result;
        for (int lane = 0; lane < sizeof(V) / sizeof(float); lane++)
            to[lane] = source[from[lane]];
        return result;
    }

    /// <summary>The integers as floats, rounded to nearest even.</summary>
    static abstract V ToFloat(I value);
}
