using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>The loops of <see cref="BFloat16Kernels"/>. The scalar twin is the same code on <see cref="ScalarLanes"/>.</summary>
internal static unsafe class BFloat16Loops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    private const int RowsAtOnce = 4;

    private static int TermFloats => BFloat16Kernels.Words * L.Count;

    public static void Run(BFloat16Run* run)
    {
        nint row = 0;
        for (; row <= run->Rows - RowsAtOnce; row += RowsAtOnce)
        {
            for (int word = 0; word < BFloat16Kernels.Words && 2 * word * L.Count < run->Columns; word++)
                FourRows(run, row, word);
        }

        for (; row < run->Rows; row++)
            OneRow(run, row);
    }

    // Eight sums: all columns of one row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(BFloat16Run* run, nint row)
    {
        V a = Start(run, row, 0), b = Start(run, row, 1), c = Start(run, row, 2), d = Start(run, row, 3);
        V e = Start(run, row, 4), f = Start(run, row, 5), g = Start(run, row, 6), h = Start(run, row, 7);
        float* x = run->X + (row * run->Terms);
        float* w = run->Panel;
        I upper = L.CreateInt(unchecked((int)0xFFFF0000));
        for (nint term = 0; term < run->Terms; term++)
        {
            V value = L.Create(x[term]);
            I word = L.BitsOf(L.Load(w));
            a = L.MultiplyAdd(value, Lower(word), a);
            b = L.MultiplyAdd(value, Upper(word, upper), b);
            word = L.BitsOf(L.Load(w + L.Count));
            c = L.MultiplyAdd(value, Lower(word), c);
            d = L.MultiplyAdd(value, Upper(word, upper), d);
            word = L.BitsOf(L.Load(w + (2 * L.Count)));
            e = L.MultiplyAdd(value, Lower(word), e);
            f = L.MultiplyAdd(value, Upper(word, upper), f);
            word = L.BitsOf(L.Load(w + (3 * L.Count)));
            g = L.MultiplyAdd(value, Lower(word), g);
            h = L.MultiplyAdd(value, Upper(word, upper), h);
            w += TermFloats;
        }

        Finish(run, row, 0, a);
        Finish(run, row, 1, b);
        Finish(run, row, 2, c);
        Finish(run, row, 3, d);
        Finish(run, row, 4, e);
        Finish(run, row, 5, f);
        Finish(run, row, 6, g);
        Finish(run, row, 7, h);
    }

    // Eight sums: two vectors of columns of four rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(BFloat16Run* run, nint row, int word)
    {
        int low = 2 * word, high = low + 1;
        V a = Start(run, row, low), b = Start(run, row, high), c = Start(run, row + 1, low), d = Start(run, row + 1, high);
        V e = Start(run, row + 2, low), f = Start(run, row + 2, high), g = Start(run, row + 3, low), h = Start(run, row + 3, high);
        float* x0 = run->X + (row * run->Terms);
        float* x1 = x0 + run->Terms;
        float* x2 = x1 + run->Terms;
        float* x3 = x2 + run->Terms;
        float* w = run->Panel + (word * L.Count);
        I upper = L.CreateInt(unchecked((int)0xFFFF0000));
        for (nint term = 0; term < run->Terms; term++)
        {
            I words = L.BitsOf(L.Load(w));
            V left = Lower(words), right = Upper(words, upper);
            V value = L.Create(x0[term]);
            a = L.MultiplyAdd(value, left, a);
            b = L.MultiplyAdd(value, right, b);
            value = L.Create(x1[term]);
            c = L.MultiplyAdd(value, left, c);
            d = L.MultiplyAdd(value, right, d);
            value = L.Create(x2[term]);
            e = L.MultiplyAdd(value, left, e);
            f = L.MultiplyAdd(value, right, f);
            value = L.Create(x3[term]);
            g = L.MultiplyAdd(value, left, g);
            h = L.MultiplyAdd(value, right, h);
            w += TermFloats;
        }

        Finish(run, row, low, a);
        Finish(run, row, high, b);
        Finish(run, row + 1, low, c);
        Finish(run, row + 1, high, d);
        Finish(run, row + 2, low, e);
        Finish(run, row + 2, high, f);
        Finish(run, row + 3, low, g);
        Finish(run, row + 3, high, h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Lower(I words) => L.FromBits(L.ShiftLeft(words, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Upper(I words, I mask) => L.FromBits(L.And(words, mask));

    // Bias plus residual, as a tile starts.
    private static V Start(BFloat16Run* run, nint row, int vector)
    {
        V sum = run->Bias is null ? L.Create(0f) : Load(run->Bias, run->Columns, vector);
        return run->Residual is null ? sum : L.Add(sum, Load(run->Residual + (row * run->Pitch), run->Columns, vector));
    }

    private static V Load(float* from, nint columns, int vector)
    {
        nint first = (nint)vector * L.Count, count = columns - first;
        return count >= L.Count ? L.Load(from + first) : count > 0 ? L.LoadPartial(from + first, count) : L.Create(0f);
    }

    private static void Finish(BFloat16Run* run, nint row, int vector, V sum)
    {
        nint first = (nint)vector * L.Count, count = run->Columns - first;
        float* to = run->Y + (row * run->Pitch) + first;
        if (count >= L.Count)
            L.Store(to, sum);
        else if (count > 0)
            L.StorePartial(to, sum, count);
    }
}
