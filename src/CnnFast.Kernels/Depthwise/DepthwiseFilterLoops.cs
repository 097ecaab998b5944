using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Filter-gradient tile of a depthwise convolution: up to 3 × 3 taps × 1 vector of channels, both operands strided over NHWC memory. 9
/// sums, 1 sum of the gradient and the gradient fill 11 registers; the sources are memory operands: 10 loads for 9 multiply-adds. Columns
/// whose taps all read the source take the short way. The scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class DepthwiseFilterLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TTaps, TPart>(DepthwiseFilterTile* tile)
        where TRows : unmanaged, ITileSize
        where TTaps : unmanaged, ITileSize
        where TPart : struct, IVectorPart
    {
        nint channels = tile->Channels;
        nint step = tile->Stride * tile->Pixel;
        nint tap = tile->Dilation * tile->Pixel;
        nint tap2 = 2 * tap;
        nint toStep = tile->GradientColumnStep;
        V c00 = L.Create(0f), c01 = c00, c02 = c00, c10 = c00, c11 = c00, c12 = c00, c20 = c00, c21 = c00, c22 = c00, sum = c00;
        for (nint row = 0; row < tile->Rows; row++)
        {
            float** source = tile->SourceRows + (row * tile->SourceRowStep);
            nint offset = tile->SourceOffset + (tile->SourceColumn * tile->Pixel);
            float* p0 = source[0] + offset;
            float* p1 = sizeof(TRows) > 1 ? source[1] + offset : p0;
            float* p2 = sizeof(TRows) > 2 ? source[2] + offset : p0;
            float* to = tile->Gradient + (row * tile->GradientRowStep);
            nint column = 0;
            while (column < tile->Columns)
            {
                if (column == tile->InsideFirst && column < tile->InsideEnd)
                {
                    for (nint left = tile->InsideEnd - column; left > 0; left--)
                    {
                        V d = Load<TPart>(to, channels);
                        sum = L.Add(sum, d);
                        c00 = L.MultiplyAdd(d, Load<TPart>(p0, channels), c00);
                        if (sizeof(TTaps) > 1)
                            c01 = L.MultiplyAdd(d, Load<TPart>(p0 + tap, channels), c01);
                        if (sizeof(TTaps) > 2)
                            c02 = L.MultiplyAdd(d, Load<TPart>(p0 + tap2, channels), c02);
                        if (sizeof(TRows) > 1)
                            c10 = L.MultiplyAdd(d, Load<TPart>(p1, channels), c10);
                        if (sizeof(TRows) > 1 && sizeof(TTaps) > 1)
                            c11 = L.MultiplyAdd(d, Load<TPart>(p1 + tap, channels), c11);
                        if (sizeof(TRows) > 1 && sizeof(TTaps) > 2)
                            c12 = L.MultiplyAdd(d, Load<TPart>(p1 + tap2, channels), c12);
                        if (sizeof(TRows) > 2)
                            c20 = L.MultiplyAdd(d, Load<TPart>(p2, channels), c20);
                        if (sizeof(TRows) > 2 && sizeof(TTaps) > 1)
                            c21 = L.MultiplyAdd(d, Load<TPart>(p2 + tap, channels), c21);
                        if (sizeof(TRows) > 2 && sizeof(TTaps) > 2)
                            c22 = L.MultiplyAdd(d, Load<TPart>(p2 + tap2, channels), c22);
                        p0 += step;
                        p1 += step;
                        p2 += step;
                        to += toStep;
                    }

                    column = tile->InsideEnd;
                }
                else
                {
                    nint x = tile->SourceColumn + (column * tile->Stride);
                    V d = Load<TPart>(to, channels);
                    sum = L.Add(sum, d);
                    if ((nuint)x < (nuint)tile->SourceColumns)
                    {
                        c00 = L.MultiplyAdd(d, Load<TPart>(p0, channels), c00);
                        if (sizeof(TRows) > 1)
                            c10 = L.MultiplyAdd(d, Load<TPart>(p1, channels), c10);
                        if (sizeof(TRows) > 2)
                            c20 = L.MultiplyAdd(d, Load<TPart>(p2, channels), c20);
                    }

                    if (sizeof(TTaps) > 1 && (nuint)(x + tile->Dilation) < (nuint)tile->SourceColumns)
                    {
                        c01 = L.MultiplyAdd(d, Load<TPart>(p0 + tap, channels), c01);
                        if (sizeof(TRows) > 1)
                            c11 = L.MultiplyAdd(d, Load<TPart>(p1 + tap, channels), c11);
                        if (sizeof(TRows) > 2)
                            c21 = L.MultiplyAdd(d, Load<TPart>(p2 + tap, channels), c21);
                    }

                    if (sizeof(TTaps) > 2 && (nuint)(x + (2 * tile->Dilation)) < (nuint)tile->SourceColumns)
                    {
                        c02 = L.MultiplyAdd(d, Load<TPart>(p0 + tap2, channels), c02);
                        if (sizeof(TRows) > 1)
                            c12 = L.MultiplyAdd(d, Load<TPart>(p1 + tap2, channels), c12);
                        if (sizeof(TRows) > 2)
                            c22 = L.MultiplyAdd(d, Load<TPart>(p2 + tap2, channels), c22);
                    }

                    p0 += step;
                    p1 += step;
                    p2 += step;
                    to += toStep;
                    column++;
                }
            }
        }

        AddTo(tile->Sums, c00);
        if (sizeof(TTaps) > 1)
            AddTo(tile->Sums + L.Count, c01);
        if (sizeof(TTaps) > 2)
            AddTo(tile->Sums + (2 * L.Count), c02);
        if (sizeof(TRows) > 1)
            AddTo(tile->Sums + tile->SumRowStep, c10);
        if (sizeof(TRows) > 1 && sizeof(TTaps) > 1)
            AddTo(tile->Sums + tile->SumRowStep + L.Count, c11);
        if (sizeof(TRows) > 1 && sizeof(TTaps) > 2)
            AddTo(tile->Sums + tile->SumRowStep + (2 * L.Count), c12);
        if (sizeof(TRows) > 2)
            AddTo(tile->Sums + (2 * tile->SumRowStep), c20);
        if (sizeof(TRows) > 2 && sizeof(TTaps) > 1)
            AddTo(tile->Sums + (2 * tile->SumRowStep) + L.Count, c21);
        if (sizeof(TRows) > 2 && sizeof(TTaps) > 2)
            AddTo(tile->Sums + (2 * tile->SumRowStep) + (2 * L.Count), c22);
        if (tile->BiasSums is not null)
            AddTo(tile->BiasSums, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<TPart>(float* source, nint channels)
        where TPart : struct, IVectorPart => typeof(TPart) == typeof(WholeVector) ? L.Load(source) : L.LoadPartial(source, channels);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* sums, V value) => L.Store(sums, L.Add(L.Load(sums), value));
}
