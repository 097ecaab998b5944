using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>
/// The filter transform GgGᵀ of Winograd convolution, four columns at a time in double, rounded once: a filter is transformed once and used
/// often. Plain vector arithmetic without fused operations, so every tier gives the same bits.
/// </summary>
internal static unsafe class WinogradFilter
{
    private static readonly double[] s_form2 =
    [
        1, 0, 0,
        0.5, 0.5, 0.5,
        0.5, -0.5, 0.5,
        0, 0, 1,
    ];

    private static readonly double[] s_form4 =
    [
        1 / 4.0, 0, 0,
        -1 / 6.0, -1 / 6.0, -1 / 6.0,
        -1 / 6.0, 1 / 6.0, -1 / 6.0,
        1 / 24.0, 1 / 12.0, 1 / 6.0,
        1 / 24.0, -1 / 12.0, 1 / 6.0,
        0, 0, 1,
    ];

    /// <summary>Transforms one 3×3 filter for each of up to four columns.</summary>
    /// <param name="points">Points along an axis: 4 or 6.</param>
    /// <param name="taps">Nine vectors, row by row.</param>
    /// <param name="to">Receives <paramref name="columns"/> floats at each of points² places.</param>
    /// <param name="step">Floats between two places.</param>
    /// <param name="columns">Columns, 1 to 4.</param>
    public static void Transform(int points, Vector256<double>* taps, float* to, nint step, int columns)
    {
        fixed (double* g = points == 4 ? s_form2 : s_form4)
        {
            Vector256<double>* rows = stackalloc Vector256<double>[18];
            for (int i = 0; i < points; i++)
            {
                for (int j = 0; j < 3; j++)
                    rows[(i * 3) + j] = (taps[j] * g[i * 3]) + (taps[3 + j] * g[(i * 3) + 1]) + (taps[6 + j] * g[(i * 3) + 2]);
            }

            for (int i = 0; i < points; i++)
            {
                Vector256<double>* row = rows + (i * 3);
                for (int j = 0; j < points; j++, to += step)
                {
                    Vector256<double> sum = (row[0] * g[j * 3]) + (row[1] * g[(j * 3) + 1]) + (row[2] * g[(j * 3) + 2]);
                    Vector128<float> point = Vector256.Narrow(sum, sum).GetLower();
                    if (columns == 4)
                    {
                        point.Store(to);
                        continue;
                    }

                    for (int column = 0; column < columns; column++)
                        to[column] = point[column];
                }
            }
        }
    }
}
