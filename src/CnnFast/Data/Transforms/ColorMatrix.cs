using System.Numerics.Tensors;

namespace CnnFast.Data;

/// <summary>Matrices that change the colours of pixels, and their grey.</summary>
internal static class ColorMatrix
{
    /// <summary>The shares of red, green and blue in grey (ITU-R BT.601).</summary>
    public static ReadOnlySpan<float> Grey => [0.299f, 0.587f, 0.114f];

    // From red, green and blue to the colours I and Q of YIQ, and from I and Q back.
    private static ReadOnlySpan<double> ToColors => [0.595716, -0.274453, -0.321263, 0.211456, -0.522591, 0.311135];

    private static ReadOnlySpan<double> FromColors => [0.9563, 0.6210, -0.2721, -0.6474, -1.1070, 1.7046];

    /// <summary>
    /// A 3×3 matrix that turns the colours of YIQ by so many turns and stretches them by a factor; grey stays. No turn and a factor of 1 is
    /// exactly the identity.
    /// </summary>
    public static void HueAndSaturation(double turns, float saturation, Span<float> matrix)
    {
        double cos = (StableMath.CosTurns(Math.Abs(turns)) * saturation) - saturation;
        double sin = StableMath.CosTurns(Math.Abs(turns - 0.25)) * saturation;
        if (turns == 0)
            (cos, sin) = (0, 0);
        for (int to = 0; to < 3; to++)
        {
            for (int from = 0; from < 3; from++)
            {
                double i = ToColors[from], q = ToColors[3 + from];
                double bend = (FromColors[to * 2] * ((cos * i) - (sin * q))) + (FromColors[(to * 2) + 1] * ((sin * i) + (cos * q)));
                double stretch = (to == from ? saturation : 0) + ((1 - saturation) * Grey[from]);
                matrix[(to * 3) + from] = (float)(stretch + bend);
            }
        }
    }

    /// <summary>The grey of a pixel; of other than three channels, their mean.</summary>
    public static float GreyOf(ReadOnlySpan<float> pixel) => pixel.Length == 3
        ? (pixel[0] * Grey[0]) + (pixel[1] * Grey[1]) + (pixel[2] * Grey[2])
        : TensorPrimitives.Sum(pixel) / pixel.Length;
}
