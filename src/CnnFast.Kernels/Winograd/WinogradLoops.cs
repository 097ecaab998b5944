using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// The transforms of Winograd convolution: lanes are channels, so every lane computes what the scalar twin (the same code on
/// <see cref="ScalarLanes"/>) does.
/// </summary>
internal static unsafe class WinogradLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>BᵀdB of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<TForm>(WinogradInput* tile)
        where TForm : struct, IWinogradForm
    {
        nint points = TForm.Points;
        float* columns = tile->Scratch;
        float** rows = tile->Rows;
        nint first = tile->FirstColumn;
        nint end = tile->EndColumn;
        nint channels = tile->Channels;
        float* to = tile->Points;
        nint step = tile->PointStep;
        nint pitch = points * L.Count;
        V zero = L.Create(0f);
        for (nint j = 0; j < points; j++)
        {
            if (j >= first && j < end)
                continue;
            for (nint i = 0; i < points; i++)
                L.Store(columns + (i * pitch) + (j * L.Count), zero);
        }

        nint c = 0;
        for (; c + L.Count <= channels; c += L.Count)
        {
            for (nint j = first; j < end; j++)
                TForm.InputColumn<L, V, I>(rows, (j * channels) + c, columns + (j * L.Count), pitch);
            for (nint i = 0; i < points; i++)
                TForm.InputRow<L, V, I>(columns + (i * pitch), to + (i * points * step) + c, step);
        }

        if (c == channels)
            return;

        // The last channels are less than a vector: bring them into whole vectors first.
        float* whole = columns + (points * pitch);
        float** wholeRows = (float**)(whole + (points * pitch));
        for (nint i = 0; i < points; i++)
        {
            wholeRows[i] = whole + (i * pitch);
            for (nint j = first; j < end; j++)
                L.Store(wholeRows[i] + (j * L.Count), L.LoadPartial(rows[i] + (j * channels) + c, channels - c));
        }

        for (nint j = first; j < end; j++)
            TForm.InputColumn<L, V, I>(wholeRows, j * L.Count, columns + (j * L.Count), pitch);
        for (nint i = 0; i < points; i++)
            TForm.InputRow<L, V, I>(columns + (i * pitch), to + (i * points * step) + c, step);
    }

    /// <summary>AyAᵀ of a tile of gradients, of which <see cref="WinogradInput.Rows"/> has Outputs rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<TForm>(WinogradInput* tile)
        where TForm : struct, IWinogradForm
    {
        nint outputs = TForm.Outputs;
        nint points = TForm.Points;
        float* columns = tile->Scratch;
        float** rows = tile->Rows;
        nint end = tile->EndColumn;
        nint channels = tile->Channels;
        float* to = tile->Points;
        nint step = tile->PointStep;
        nint pitch = outputs * L.Count;
        V zero = L.Create(0f);
        for (nint j = end; j < outputs; j++)
        {
            for (nint i = 0; i < points; i++)
                L.Store(columns + (i * pitch) + (j * L.Count), zero);
        }

        nint c = 0;
        for (; c + L.Count <= channels; c += L.Count)
        {
            for (nint j = 0; j < end; j++)
                TForm.GradientColumn<L, V, I>(rows, (j * channels) + c, columns + (j * L.Count), pitch);
            for (nint i = 0; i < points; i++)
                TForm.GradientRow<L, V, I>(columns + (i * pitch), to + (i * points * step) + c, step);
        }

        if (c == channels)
            return;

        // The last channels are less than a vector: bring them into whole vectors first.
        float* whole = columns + (points * pitch);
        float** wholeRows = (float**)(whole + (outputs * pitch));
        for (nint i = 0; i < outputs; i++)
        {
            wholeRows[i] = whole + (i * pitch);
            for (nint j = 0; j < end; j++)
                L.Store(wholeRows[i] + (j * L.Count), L.LoadPartial(rows[i] + (j * channels) + c, channels - c));
        }

        for (nint j = 0; j < end; j++)
            TForm.GradientColumn<L, V, I>(wholeRows, j * L.Count, columns + (j * L.Count), pitch);
        for (nint i = 0; i < points; i++)
            TForm.GradientRow<L, V, I>(columns + (i * pitch), to + (i * points * step) + c, step);
    }

    /// <summary>GᵀsG of a row of sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter<TForm>(WinogradFilterSum* row)
        where TForm : struct, IWinogradForm
    {
        nint points = TForm.Points;
        nint step = row->PointStep;
        float* columns = row->Scratch;
        float* taps = columns + (3 * points * L.Count);
        for (nint c = 0; c < row->Columns; c += L.Count)
        {
            for (nint j = 0; j < points; j++)
                TForm.Filter<L, V, I>(row->Points + (j * step) + c, points * step, columns + (j * L.Count), points * L.Count);
            for (nint i = 0; i < 3; i++)
                TForm.Filter<L, V, I>(columns + (i * points * L.Count), L.Count, taps + (i * 3 * L.Count), L.Count);
            for (nint t = 0; t < 9; t++)
            {
                V tap = L.Load(taps + (t * L.Count));
                float* to = row->Taps + (t * row->TapStep) + c;
                if (c + L.Count <= row->Columns)
                    L.Store(to, tap);
                else
                    L.StorePartial(to, tap, row->Columns - c);
            }
        }
    }

    /// <summary>AᵀmA of a tile, plus bias and residual, through the epilogue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<TForm, TEpilogue>(WinogradOutput* tile)
        where TForm : struct, IWinogradForm
        where TEpilogue : struct, IUnaryOperation
    {
        nint points = TForm.Points;
        float* columns = tile->Scratch;
        float* row = columns + (points * points * L.Count);
        float* from = tile->Points;
        nint step = tile->PointStep;
        nint channels = tile->Channels;
        nint pitch = points * L.Count;
        nint rowCount = tile->Rows;
        nint columnCount = tile->Columns;
        for (nint c = 0; c < channels; c += L.Count)
        {
            for (nint j = 0; j < points; j++)
                TForm.OutputColumn<L, V, I>(from + (j * step) + c, points * step, columns + (j * L.Count), pitch);
            V bias = L.Load(tile->Bias + c);
            float* to = tile->Destination + c;
            float* residual = tile->Residual is null ? null : tile->Residual + c;
            for (nint i = 0; i < rowCount; i++)
            {
                TForm.OutputRow<L, V, I>(columns + (i * pitch), row);
                for (nint j = 0; j < columnCount; j++)
                {
                    V y = L.Add(L.Load(row + (j * L.Count)), bias);
                    nint at = (i * tile->RowStep) + (j * tile->ColumnStep);
                    if (c + L.Count <= channels)
                    {
                        if (residual is not null)
                            y = L.Add(y, L.Load(residual + at));
                        L.Store(to + at, TEpilogue.Invoke<L, V, I>(y));
                    }
                    else
                    {
                        if (residual is not null)
                            y = L.Add(y, L.LoadPartial(residual + at, channels - c));
                        L.StorePartial(to + at, TEpilogue.Invoke<L, V, I>(y), channels - c);
                    }
                }
            }
        }
    }
}
