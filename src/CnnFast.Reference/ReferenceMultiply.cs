namespace CnnFast.Reference;

/// <summary>
/// The product of images <c>[N, P, C]</c> (P pixels) with factors <c>[N, C]</c> that are the same for all pixels, in double, and its
/// gradients; with P = 1 the product of tensors of one shape. Thread-safe.
/// </summary>
public static class ReferenceMultiply
{
    /// <summary>The forward pass: <c>y[n, p, c] = x[n, p, c]·f[n, c]</c>.</summary>
    /// <param name="pixels">Pixels of an image.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="x">The images.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="y">Receives the products; may be x.</param>
    public static void Forward(int pixels, int channels, ReadOnlySpan<double> x, ReadOnlySpan<double> factors, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] * factors[(i / channels / pixels * channels) + (i % channels)];
    }

    /// <summary>
    /// The gradient with respect to the factors: <c>df[n, c] = Σ over p of x[n, p, c]·dy[n, p, c]</c>; that of x
    /// is <see cref="Forward"/> on dy.
    /// </summary>
    /// <param name="pixels">Pixels of an image.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="x">The images.</param>
    /// <param name="dy">The gradient of the products.</param>
    /// <param name="dfactors">Receives the gradient of the factors.</param>
    public static void BackwardFactors(int pixels, int channels, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dfactors)
    {
        dfactors.Clear();
        for (int i = 0; i < x.Length; i++)
            dfactors[(i / channels / pixels * channels) + (i % channels)] += x[i] * dy[i];
    }
}
