namespace CnnFast.Verification;

/// <summary>
/// Magnitudes of Winograd convolutions. A transform mixes all pixels of a tile and all taps of a filter, so that an element may have the
/// error of its largest neighbour; here it gets the magnitude of the largest one of its image and channel.
/// </summary>
internal static class TileSpread
{
    /// <summary>Whether a convolution has the sizes that Winograd's algorithms take.</summary>
    public static bool MayBeWinograd(Conv2DGeometry g) =>
        g is { KH: 3, KW: 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, Groups: 1 };

    /// <summary>Images [N, H, W, C]: the largest magnitude of every image and channel.</summary>
    public static void OverImages(Shape shape, double[] magnitudes) =>
        Spread(magnitudes, shape[0], shape[1] * shape[2], shape[3]);

    /// <summary>A filter: the largest magnitude over the taps.</summary>
    public static void OverTaps(Conv2DGeometry g, double[] magnitudes) =>
        Spread(magnitudes, 1, g.KH * g.KW, magnitudes.Length / (g.KH * g.KW));

    private static void Spread(double[] magnitudes, int groups, int members, int columns)
    {
        for (int group = 0; group < groups; group++)
        {
            for (int column = 0; column < columns; column++)
            {
                int start = (group * members * columns) + column;
                double largest = 0;
                for (int i = 0; i < members; i++)
                    largest = Math.Max(largest, magnitudes[start + (i * columns)]);
                for (int i = 0; i < members; i++)
                    magnitudes[start + (i * columns)] = largest;
            }
        }
    }
}
