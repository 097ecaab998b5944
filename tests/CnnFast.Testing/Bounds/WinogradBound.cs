using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// The bound of a Winograd convolution, from the algorithm itself: with the matrices A, B and G of F(m×m, 3×3) every output is Aᵀ[Σ
/// over c of (GgGᵀ) ⊙ (BᵀdB)]A, sums and products of rounded numbers, so its error is at most about (roundings) · u · |Aᵀ|[Σ
/// (|G||g||Gᵀ|) ⊙ (|Bᵀ||d||B|)]|A| (Higham, section 3.1, applied to each stage; docs/numerics.md). The magnitude is computed here in
/// double from matrices of its own.
/// </summary>
internal static class WinogradBound
{
    // The longest chains: two transforms of x of 3 operations each, two of y or dy of 4, and the rounding of the transformed filter, bias
    // and residual, or for the filter gradient two transforms back of 5 with rounded constants.
    private const int TransformRoundings = (2 * 3) + (2 * 4) + (2 * 5);

    /// <summary>The magnitude of each output of a 3×3 convolution with stride 1.</summary>
    /// <param name="outputs">m, 2 or 4.</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="batch">Images.</param>
    /// <param name="x">Its source.</param>
    /// <param name="w">Its filter [3, 3, source channels, destination channels].</param>
    /// <returns>One magnitude an output.</returns>
    public static double[] Magnitudes(int outputs, WinogradMap g, int batch, float[] x, float[] w)
    {
        (double[,] at, double[,] bt, double[,] gm) = outputs == 2 ? Form2 : Form4;
        int points = outputs + 2;
        double[] u = Filters(g, w, gm, points);
        var magnitudes = new double[batch * g.Rows * g.Columns * g.Channels];
        var v = new double[g.SourceChannels * points * points];
        var m = new double[points, points];
        for (int n = 0; n < batch; n++)
            for (int row = 0; row < g.Rows; row += outputs)
                for (int column = 0; column < g.Columns; column += outputs)
                {
                    for (int c = 0; c < g.SourceChannels; c++)
                        InputTile(g, x, n, row + g.OriginRow, column + g.OriginColumn, c, bt,
                            v.AsSpan(c * points * points, points * points));
                    for (int oc = 0; oc < g.Channels; oc++)
                    {
                        Array.Clear(m);
                        for (int c = 0; c < g.SourceChannels; c++)
                            for (int p = 0; p < points * points; p++)
                                m[p / points, p % points] += u[(((c * g.Channels) + oc) * points * points) + p]
                                    * v[(c * points * points) + p];
                        for (int i = 0; i < outputs && row + i < g.Rows; i++)
                            for (int j = 0; j < outputs && column + j < g.Columns; j++)
                            {
                                double sum = 0;
                                for (int a = 0; a < points; a++)
                                    for (int b = 0; b < points; b++)
                                        sum += Math.Abs(at[i, a]) * m[a, b] * Math.Abs(at[j, b]);
                                magnitudes[(((((n * g.Rows) + row + i) * g.Columns) + column + j) * g.Channels) + oc] = sum;
                            }
                    }
                }

        return magnitudes;
    }

    /// <summary>Roundings behind an output of so many source channels, in the sense of <see cref="ErrorBound"/>.</summary>
    public static long Terms(int channels) => channels + TransformRoundings;

    /// <summary>The magnitude of each element of the filter gradient: |Gᵀ|[Σ over tiles of (|Bᵀ||x||B|) ⊙ (|A||dy||Aᵀ|)]|G|.</summary>
    public static double[] FilterMagnitudes(int outputs, Conv2DGeometry g, float[] x, float[] dy)
    {
        (double[,] at, double[,] bt, double[,] gm) = outputs == 2 ? Form2 : Form4;
        int points = outputs + 2;
        var map = WinogradMap.Of(ConvolutionPass.Forward(g));
        var sums = new double[g.C * g.OC * points * points];
        var v = new double[g.C * points * points];
        var d = new double[points * points];
        for (int n = 0; n < g.N; n++)
            for (int row = 0; row < g.OH; row += outputs)
                for (int column = 0; column < g.OW; column += outputs)
                {
                    for (int c = 0; c < g.C; c++)
                        InputTile(map, x, n, row + map.OriginRow, column + map.OriginColumn, c, bt,
                            v.AsSpan(c * points * points, points * points));
                    for (int oc = 0; oc < g.OC; oc++)
                    {
                        Array.Clear(d);
                        for (int i = 0; i < outputs && row + i < g.OH; i++)
                            for (int j = 0; j < outputs && column + j < g.OW; j++)
                            {
                                double value = Math.Abs((double)dy[(((((n * g.OH) + row + i) * g.OW) + column + j) * g.OC) + oc]);
                                for (int p = 0; p < points * points; p++)
                                    d[p] += Math.Abs(at[i, p / points] * at[j, p % points]) * value;
                            }

                        for (int c = 0; c < g.C; c++)
                            for (int p = 0; p < points * points; p++)
                                sums[(((c * g.OC) + oc) * points * points) + p] += v[(c * points * points) + p] * d[p];
                    }
                }

        var magnitudes = new double[9 * g.C * g.OC];
        for (int t = 0; t < 9; t++)
            for (int pair = 0; pair < g.C * g.OC; pair++)
                for (int p = 0; p < points * points; p++)
                    magnitudes[(t * g.C * g.OC) + pair] += Math.Abs(gm[p / points, t / 3] * gm[p % points, t % 3])
                        * sums[(pair * points * points) + p];
        return magnitudes;
    }

    /// <summary>Roundings behind an element of the filter gradient over so many tiles.</summary>
    public static long FilterTerms(long tiles) => tiles + TransformRoundings;

    private static (double[,] At, double[,] Bt, double[,] G) Form2 { get; } = (
        new double[,] { { 1, 1, 1, 0 }, { 0, 1, -1, -1 } },
        new double[,] { { 1, 0, -1, 0 }, { 0, 1, 1, 0 }, { 0, -1, 1, 0 }, { 0, 1, 0, -1 } },
        new double[,] { { 1, 0, 0 }, { 0.5, 0.5, 0.5 }, { 0.5, -0.5, 0.5 }, { 0, 0, 1 } });

    private static (double[,] At, double[,] Bt, double[,] G) Form4 { get; } = (
        new double[,] { { 1, 1, 1, 1, 1, 0 }, { 0, 1, -1, 2, -2, 0 }, { 0, 1, 1, 4, 4, 0 }, { 0, 1, -1, 8, -8, 1 } },
        new double[,] { { 4, 0, -5, 0, 1, 0 }, { 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 }, { 0, -2, -1, 2, 1, 0 },
            { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 } },
        new double[,] { { 1 / 4.0, 0, 0 }, { -1 / 6.0, -1 / 6.0, -1 / 6.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0 },
            { 1 / 24.0, 1 / 12.0, 1 / 6.0 }, { 1 / 24.0, -1 / 12.0, 1 / 6.0 }, { 0, 0, 1 } });

    private static double[] Filters(WinogradMap g, float[] w, double[,] gm, int points)
    {
        var u = new double[g.SourceChannels * g.Channels * points * points];
        for (int c = 0; c < g.SourceChannels; c++)
            for (int oc = 0; oc < g.Channels; oc++)
                for (int i = 0; i < points; i++)
                    for (int j = 0; j < points; j++)
                    {
                        double sum = 0;
                        for (int a = 0; a < 3; a++)
                            for (int b = 0; b < 3; b++)
                                sum += Math.Abs(gm[i, a] * w[((((a * 3) + b) * g.SourceChannels) + c) * g.Channels + oc] * gm[j, b]);
                        u[((((c * g.Channels) + oc) * points) + i) * points + j] = sum;
                    }

        return u;
    }

    private static void InputTile(WinogradMap g, float[] x, int n, int top, int left, int c, double[,] bt, Span<double> v)
    {
        int points = bt.GetLength(0);
        v.Clear();
        for (int a = 0; a < points; a++)
            for (int b = 0; b < points; b++)
            {
                int h = top + a, w = left + b;
                if (h < 0 || h >= g.SourceRows || w < 0 || w >= g.SourceColumns)
                    continue;
                double value = Math.Abs((double)x[(((((n * g.SourceRows) + h) * g.SourceColumns) + w) * g.SourceChannels) + c]);
                for (int i = 0; i < points; i++)
                    for (int j = 0; j < points; j++)
                        v[(i * points) + j] += Math.Abs(bt[i, a]) * value * Math.Abs(bt[j, b]);
            }
    }
}
